// The script of our own pages. Every page is whole without it; what is here only decorates what the server drew.

import { Discussion } from "./elements/discussion.ts";
import { WriteForm } from "./elements/form.ts";
import { showLocalTimes } from "./times.ts";

document.documentElement.dataset["script"] = "on";
customElements.define("rejoinder-discussion", Discussion);
customElements.define("rejoinder-form", WriteForm);
showLocalTimes(document);
