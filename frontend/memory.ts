// What a browser keeps for its reader, and only after the reader acted: a draft, and the name on request.

export interface Author {
  name?: string;
  email?: string;
  website?: string;
}

const AUTHOR = "rejoinder:author";
const DRAFT = "rejoinder:draft:";

export function recallAuthor(): Author | undefined {
  return get(AUTHOR) as Author | undefined;
}

export function keepAuthor(author: Author | undefined): void {
  set(AUTHOR, author);
}

export function recallDraft(place: string): string {
  return String(get(DRAFT + place) ?? "");
}

export function keepDraft(place: string, text: string): void {
  set(DRAFT + place, text.trim() ? text : undefined);
}

// Storage may be forbidden or full: then nothing is kept, and nothing else changes.

function get(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

function set(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    return;
  }
}
