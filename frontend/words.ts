// What the script says: phrases the server drew into the page, in the page's language.

export interface Words {
  readonly [phrase: string]: string;
}

interface Spoken {
  readonly phrases: Words;
  readonly counts: Words;
}

let spoken: Spoken | undefined;

/** A phrase of the page, its {places} filled in. */
export function say(phrase: string, values: Record<string, string> = {}): string {
  const text = read().phrases[phrase] ?? "";
  return text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}

/** "17 comments", in the plural form that the language wants. */
export function sayCount(count: number): string {
  const { counts } = read();
  const form = new Intl.PluralRules(language()).select(count);
  return (counts[form] ?? counts["other"] ?? "{n}").replace("{n}", showNumber(count));
}

export function showNumber(number: number): string {
  return new Intl.NumberFormat(language()).format(number);
}

export function language(): string {
  return document.documentElement.lang || "en";
}

function read(): Spoken {
  if (!spoken) {
    const source = document.querySelector<HTMLTemplateElement>("template.words")?.content.textContent;
    const { counts = {}, ...phrases } = JSON.parse(source || "{}") as Record<string, never>;
    spoken = { phrases, counts };
  }
  return spoken;
}
