// Who pays, proven from the wire: the provider names the organisation of each answer. The header that holds it to the
// demanded one goes with every request; an answer for another organisation all the same is dropped, and is the last.
import { Refusal } from '../errors/index.ts';

export interface AccountProof {
  /** Before a request; throws `gateway.organization` once an answer came for another organisation. */
  demand(): void;
  /** At the head of an answer; throws for another organisation. An upstream that names none proves nothing either way. */
  look(organization: string | string[] | undefined): void;
}

export function createAccountProof(organizations: readonly string[]): AccountProof {
  const wanted = new Set(organizations.map((id) => id.toLowerCase()));
  let wrong = false;
  const demand = () => {
    if (wrong) throw new Refusal('gateway.organization');
  };
  return {
    demand,
    look(organization) {
      if (wanted.size === 0 || organization === undefined) return;
      wrong ||= !wanted.has(String(organization).toLowerCase());
      demand();
    },
  };
}
