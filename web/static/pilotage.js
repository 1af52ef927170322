// Everything here makes a page that already works more pleasant: focus after a swap, toasts, copying, one sending a form.
(() => {
  "use strict";

  const toasts = () => document.getElementById("toasts");

  function dressToast(toast) {
    if (toast.querySelector("button")) return;
    const close = document.createElement("button");
    close.type = "button";
    close.dataset.close = "";
    close.textContent = toasts().dataset.dismiss;
    toast.append(close);
    setTimeout(() => { if (!toast.matches(":hover, :focus-within")) toast.remove(); }, 12000);
  }

  function say(words) {
    if (!toasts() || !words) return;
    const toast = document.createElement("p");
    toast.className = "toast";
    toast.textContent = words;
    toasts().append(toast);
    dressToast(toast);
  }

  function focusWhatMatters(region, fallback) {
    const first = region.querySelector("#problems, [role=alert]") || region.querySelector("[aria-invalid=true], [autofocus]") || fallback;
    if (!first) return;
    if (!first.matches("a, button, input, select, textarea, [tabindex]")) first.tabIndex = -1;
    first.focus({ preventScroll: first === fallback });
  }

  function arrive() {
    document.documentElement.classList.add("scripted");
    document.querySelectorAll(".toast").forEach(dressToast);
    const problems = document.getElementById("problems");
    if (problems) problems.focus();
  }

  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    const words = source.value ?? source.textContent;
    try {
      await navigator.clipboard.writeText(words.trim());
    } catch {
      if (!source.select) return;
      source.select();
      document.execCommand("copy");
    }
    say(toasts().dataset.copied);
  }

  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    closeMenus(target.closest("details[data-menu]"));
    if (target.closest("details[data-menu] a")) closeMenus();
    const button = target.closest("[data-copy]");
    if (button) copy(button);
    if (target.closest("[data-close]")) target.closest(".toast").remove();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details[data-menu][open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  // A form is sent once; the second click is ignored until an answer came, the page came back, or ten seconds passed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "";
    setTimeout(() => { delete form.dataset.sent; }, 10000);
  }, true);
  const letFormsGo = () => document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  addEventListener("pageshow", letFormsGo);
  document.addEventListener("htmx:afterRequest", letFormsGo);

  document.addEventListener("htmx:sendError", () => say(toasts()?.dataset.offline));
  document.addEventListener("htmx:timeout", () => say(toasts()?.dataset.offline));

  // A whole page without our frame (signed out, a certificate) is gone to, not swapped into the frame.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (!/data-layout="plain"/.test(xhr.responseText)) return;
    const redirected = new URL(xhr.responseURL).pathname !== new URL(requestConfig.path, location.href).pathname;
    if (requestConfig.verb !== "get" && !redirected) return;
    event.detail.shouldSwap = false;
    location.assign(xhr.responseURL);
  });

  // A refused form shows where it was filled in: the address bar keeps naming that page.
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    if (event.detail.requestConfig.verb === "get" || event.detail.xhr.status < 400) return;
    event.detail.history.type = "replace";
    event.detail.history.path = location.pathname + location.search;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    document.querySelectorAll(".toast").forEach(dressToast);
    const region = event.detail.elt;
    if (region.id === "main") focusWhatMatters(region, region.querySelector("h1") || region);
    else if (region.querySelector && !region.closest("#toasts, #nav, #tabs")) focusWhatMatters(region, null);
  });

  arrive();
})();
