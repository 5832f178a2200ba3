// The few elements that the script makes: words that act, and quiet lines.

/** A button that looks like a word. */
export function wordButton(text: string, act: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "word";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}

export function line(kind: string, text: string): HTMLParagraphElement {
  const paragraph = document.createElement("p");
  paragraph.className = kind;
  paragraph.textContent = text;
  return paragraph;
}

/** Lead the reader, the eye and the screen reader alike, to this element. */
export function leadTo(element: HTMLElement): void {
  element.tabIndex = -1;
  element.scrollIntoView({ block: "center" });
  element.focus({ preventScroll: true });
}

/** Tell the reader something, aloud where a screen reader listens. */
export function announce(discussion: HTMLElement, text: string): void {
  const live = discussion.querySelector(".live");
  if (live) live.textContent = text;
}
