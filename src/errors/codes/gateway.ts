import { codeTable } from '../code-entry.ts';

export const gatewayCodes = codeTable({
  'gateway.target': {
    sentence: (a) => `request target not allowed: ${a.why}`,
  },
  'gateway.agree': {
    sentence: (a) => `${a.one} and ${a.other} of a request do not name the same host`,
  },
  'gateway.message': {
    sentence: (a) => `request not allowed: ${a.why}`,
  },
  'gateway.route': {
    sentence: (a) => `${a.method} ${a.host}${a.path} is not on the list of what may be reached`,
    hint: () => 'add the host to network.allow in .sotto.yaml if the project needs it',
  },
  'gateway.query': {
    sentence: (a) => `query parameter not allowed on ${a.host}${a.path}`,
  },
  'gateway.header': {
    sentence: (a) => `the request header ${a.name} holds what looks like a secret (${a.rule}), nothing was sent`,
  },
  'gateway.upgrade': {
    sentence: (a) => `${a.what} is not allowed, nothing was sent`,
  },
  'gateway.body-size': {
    sentence: (a) => `the request body is larger than ${a.limit} MB, nothing was sent`,
  },
  'gateway.body-encoding': {
    sentence: (a) => `the request body cannot be opened (content-encoding ${a.encoding}), nothing was sent`,
  },
  'gateway.body-type': {
    sentence: () => 'the request body is not declared as JSON, nothing was sent',
  },
  'gateway.body-json': {
    sentence: (a) => `the request body cannot be checked: ${a.why} at byte ${a.at}, nothing was sent`,
  },
  'gateway.body-unexpected': {
    sentence: (a) => `a body is not allowed on ${a.method} ${a.host}${a.path}, nothing was sent`,
  },
  'gateway.body-kind': {
    sentence: (a) => `the body of a request to ${a.host} cannot be checked (${a.kind}), nothing was sent`,
    hint: (a) => `set opaque on ${a.host} in network.allow of .sotto.yaml if it may be sent unopened`,
  },
  'gateway.secret': {
    sentence: (a) => `a secret (${a.rule}) stands in ${a.where}, where it cannot be redacted; nothing was sent`,
    hint: () => 'take it out of the conversation (/rewind or /clear) and try again',
  },
  'gateway.remote-tool': {
    sentence: (a) => `the request field ${a.field} makes the provider contact other servers, nothing was sent`,
  },
  'gateway.upstream': {
    sentence: (a) => `${a.host} could not be reached (${a.why})`,
    hint: () => 'look at the network of this machine; the session can go on once it is back',
  },
  'gateway.proxy': {
    sentence: (a) => `the proxy ${a.proxy} gave no tunnel (${a.why}), nothing was sent`,
    hint: () => 'look at HTTPS_PROXY and NO_PROXY outside; 407 means that it wants a user and a password in that URL',
  },
  'gateway.settings': {
    sentence: (a) => `the settings that your organization manages on the server could not be read (${a.why})`,
    hint: () => 'they were in force before, so nothing is started without them: try again when the provider answers',
  },
  'gateway.plain': {
    sentence: (a) => `http://${a.host} is not encrypted, nothing was sent`,
    hint: () => 'ask for https://, which is let out to hosts of network.allow',
  },
  'gateway.certificate': {
    sentence: (a) => `the certificate of ${a.host} is not accepted (${a.why}), nothing was sent`,
    hint: () =>
      'look at the clock of this machine, and at who stands between it and that host; an authority of your own company is named by NODE_EXTRA_CA_CERTS, outside',
  },
  'gateway.upstream-plain': {
    sentence: (a) => `the upstream ${a.host} is not encrypted (http)`,
    hint: () => 'use an https:// base URL, or set upstream in .sotto.yaml to this very URL',
  },
  'gateway.address': {
    sentence: (a) => `${a.host} resolves to an address that is not public, nothing was sent`,
  },
  'gateway.organization': {
    sentence: () => 'the provider answered for another organisation than policy demands; nothing more is sent',
    hint: () => 'sign in with the account of the organisation, then start again',
  },
  'gateway.image': {
    sentence: (a) => `an image (${a.what}) cannot be checked and policy does not let it pass, nothing was sent`,
    hint: () => 'set images: pass in .sotto.yaml to let images without text through',
  },
  'gateway.document': {
    sentence: (a) => `a document cannot be checked: ${a.why}, nothing was sent`,
  },
  'gateway.closed': {
    sentence: () => 'the gateway of this session is closed, nothing was sent',
  },
});
