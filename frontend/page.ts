// The script of our own pages. Every page is whole without it; what is here only decorates.

document.documentElement.dataset["script"] = "on";
