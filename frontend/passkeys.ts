// The script of the pages on which passkeys are made and used: it shows their forms where the browser knows passkeys,
// asks the server for a challenge and lets the device answer it. What comes of it goes the way of every form.

import { line } from "./dom.ts";

const forms = document.querySelectorAll<HTMLFormElement>("form[data-passkey]");

/** Older browsers know passkeys, but not how a server writes them as JSON. */
if ("PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential) {
  document.querySelectorAll("[data-no-passkeys]").forEach((hint) => hint.remove());
  for (const form of forms) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void answer(form);
    });
  }
}

async function answer(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector("button");
  form.querySelectorAll(".fault").forEach((fault) => fault.remove());
  if (button) button.disabled = true;
  try {
    const credential = await use(await challengeFor(form));
    (form.elements.namedItem("credential") as HTMLInputElement).value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    const fault = line("fault", reasonOf(error, form));
    fault.setAttribute("role", "alert");
    form.querySelector(".buttons")?.before(fault);
  } finally {
    if (button) button.disabled = false;
  }
}

type Asked = PublicKeyCredentialCreationOptionsJSON | PublicKeyCredentialRequestOptionsJSON;

/** The server said no; its page says why. */
class Refused extends Error {}

async function challengeFor(form: HTMLFormElement): Promise<Asked> {
  const response = await fetch(form.dataset["passkey"] ?? "", { method: "POST", body: new URLSearchParams() });
  if (response.ok) return (await response.json()) as Asked;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  throw new Refused(page.querySelector("[role=alert]")?.textContent ?? page.title);
}

async function use(asked: Asked): Promise<unknown> {
  const credential =
    "rp" in asked
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
  return (credential as PublicKeyCredential).toJSON() as unknown;
}

function reasonOf(error: unknown, form: HTMLFormElement): string {
  if (error instanceof Refused) return error.message;
  return (error instanceof TypeError ? form.dataset["offline"] : form.dataset["stopped"]) ?? "";
}
