// What the path says about a text: how values are written in it, and whether made-up ones are to be expected.

export interface Place {
  /** A programming language, where a bare value is an expression. */
  code: boolean;
  /** Markup for people, where text beside a name is a label. */
  markup: boolean;
  json: boolean;
  /** Lines of `NAME=value`, where a blank ends no value. */
  environment: boolean;
  /** Tests, examples and documents: a plain word is no secret here. */
  fixture: boolean;
  /** Texts in human languages by key. */
  translations: boolean;
  /** Written by a program for programs: lock files, minified code, source maps. */
  generated: boolean;
}

const CODE =
  /\.(?:[cm]?[jt]sx?|py[iwx]?|rb|rake|gemspec|ru|go|rs|java|kts?|scala|groovy|gradle|cs|vb|fs|c|h|cc|cpp|cxx|hpp|hh|m|mm|swift|php\d?|phtml|pl|pm|lua|dart|exs?|erl|hrl|clj[sc]?|hs|ml|r|jl|nim|zig|sol|vue|svelte|erb|haml|slim|ejs|jinja2?|j2|tt|coffee|css|s[ac]ss|less|idl|asm|s|td|def|m4|tcl|rbs|proto|thrift)$/i;
const MARKUP =
  /\.(?:html?|xhtml|vue|svelte|[jt]sx|erb|haml|slim|ejs|hbs|mustache|twig|jsp|aspx|cshtml|svg|phtml|md|rst|adoc)$/i;
const FIXTURE =
  /(?:^|[/._-])(?:tests?|specs?|testing|testdata|test-data|fixtures?|mocks?|stubs?|examples?|samples?|docs?|guides?|documentation|demos?|e2e|cypress|benchmarks?|tutorials?)(?:[/._-]|$)|(?:^|\/)(?:README|CHANGELOG|CHANGES|HISTORY|CONTRIBUTING|UPGRADING|RELEASE)|\.(?:md|markdown|rst|adoc|rdoc|tt)$|(?:Test|Spec|Tests)\.\w+$/i;
const TRANSLATIONS =
  /(?:^|[/._-])(?:locales?|i18n|l10n|lang|langs|languages?|translations?|messages|strings)(?:[/._-]|$)|\.(?:po|pot|xlf|strings|arb|resx)$/i;
const GENERATED =
  /[.-]min\.\w+$|\.map$|(?:^|\/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|Gemfile\.lock|poetry\.lock|composer\.lock|go\.sum|flake\.lock|uv\.lock|bun\.lock)$/i;

let lastPath: string | undefined;
let lastPlace: Place;

/** Looks at `path` only; remembers the last one, since a file has many names. */
export function placeOf(path: string): Place {
  if (path === lastPath) return lastPlace;
  lastPath = path;
  lastPlace = {
    code: CODE.test(path),
    markup: MARKUP.test(path),
    json: /\.(?:json[5cl]?|ipynb|webmanifest|map)$/i.test(path),
    environment: /(?:^|[/.])env(?:\.[\w-]+)?$/i.test(path),
    fixture: FIXTURE.test(path),
    translations: TRANSLATIONS.test(path),
    generated: GENERATED.test(path),
  };
  return lastPlace;
}
