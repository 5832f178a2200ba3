// Talking to the server: JSON there and back, and who is asking.

/** A comment for its author or for staff; `fragment` is the list item everybody will see, left open. */
export interface OwnComment {
  id: string;
  parent_id: string | null;
  fragment: string;
  text: string;
  revision: number;
  status: string;
  waits: boolean;
  can: string[];
  edit_until: string | null;
  permalink: string;
}

/** What of a thread belongs to this reader; staff may do `top` or `reply` where an id has no verbs of its own. */
export interface Mine {
  votes: Record<string, 1 | -1>;
  comments: OwnComment[];
  signed_in_as?: string;
  staff?: { held: OwnComment[]; verbs: Record<string, string[]> };
}

export interface Tally {
  up: number;
  down: number;
  mine: 1 | -1 | 0 | null;
  counted: boolean;
}

/** The server said no, in words for the reader. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | undefined,
  ) {
    super(message);
  }
}

let token: string | undefined;

/** The name of the cookie that says that this browser is known. */
export function markerOf(discussion: HTMLElement): string {
  return discussion.dataset["marker"] ?? "";
}

/** Whether this browser is known here: the cookie that says so has no identity in it. */
export function isKnown(marker: string): boolean {
  return document.cookie.split("; ").some((cookie) => cookie.startsWith(`${marker}=`));
}

/** Ask the API. Raises `Refused` for an answer that is a problem, TypeError where there is no connection. */
export async function ask<T>(method: string, path: string, marker: string, body?: unknown, key?: string): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  // The server makes its cookie from this token; from then on the cookie speaks.
  if (method !== "GET" && !isKnown(marker)) headers["Authorization"] = `Bearer ${(token ??= randomName())}`;

  const answer = await fetch(`/api/v1${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  if (!answer.ok) throw await refusal(answer);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** 32 random bytes; `crypto.randomUUID` is missing where a page comes by plain http. */
export function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

async function refusal(answer: Response): Promise<Refused> {
  const problem = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  const text = (name: string): string => (typeof problem[name] === "string" ? (problem[name] as string) : "");
  return new Refused(answer.status, text("code"), text("detail") || text("title"), text("field") || undefined);
}
