// Everything here makes a page that already works more pleasant: focus after a swap, toasts, copying, one sending a form,
// drafts kept while one types, and single keys where a page names them.
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

  const quietly = (event) => event.detail.elt.closest?.("[data-quietly]") === event.detail.elt;
  const sayOffline = (event) => { if (!quietly(event)) say(toasts()?.dataset.offline); };
  document.addEventListener("htmx:sendError", sayOffline);
  document.addEventListener("htmx:timeout", sayOffline);

  // A whole page without our frame (signed out, a certificate) is gone to, not swapped into the frame.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (!/data-layout="plain"/.test(xhr.responseText)) return;
    if (quietly(event)) { event.detail.shouldSwap = false; return; }
    if (xhr.status === 503 && requestConfig.verb !== "get") {
      event.detail.shouldSwap = false;
      sayNotNow(requestConfig.elt, new DOMParser().parseFromString(xhr.responseText, "text/html"));
      return;
    }
    if (xhr.status === 401 && requestConfig.elt.matches("form")) {
      event.detail.shouldSwap = false;
      sendPlainly(requestConfig.elt, requestConfig.triggeringEvent?.submitter);
      return;
    }
    const redirected = new URL(xhr.responseURL).pathname !== new URL(requestConfig.path, location.href).pathname;
    if (requestConfig.verb !== "get" && !redirected) return;
    event.detail.shouldSwap = false;
    location.assign(xhr.responseURL);
  });

  // An outage: the form stays as it was filled in, and says why it is still there.
  function sayNotNow(elt, page) {
    const words = [...page.querySelectorAll(".lede p, .still-here")].map((each) => each.textContent);
    const form = elt.closest("form");
    if (!form) { say(words.join(" ")); return; }
    const notice = document.createElement("div");
    notice.className = "notice problem not-now";
    notice.setAttribute("role", "alert");
    notice.tabIndex = -1;
    const told = document.createElement("div");
    for (const each of words) told.append(Object.assign(document.createElement("p"), { textContent: each }));
    notice.append(told);
    form.querySelector(":scope > .not-now")?.remove();
    form.prepend(notice);
    notice.focus();
  }

  // Nobody is signed in any more: the browser sends the form itself, and gets the sign-in page that carries its words along.
  function sendPlainly(form, submitter) {
    if (submitter?.name) {
      const chosen = document.createElement("input");
      Object.assign(chosen, { type: "hidden", name: submitter.name, value: submitter.value });
      form.append(chosen);
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  // A refused form shows where it was filled in: the address bar keeps naming that page.
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    if (event.detail.requestConfig.verb === "get" || event.detail.xhr.status < 400) return;
    event.detail.history.type = "replace";
    event.detail.history.path = location.pathname + location.search;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    document.querySelectorAll(".toast").forEach(dressToast);
    const region = event.detail.elt;
    if (document.activeElement?.dataset.wentTo !== undefined) return;
    if (region.id === "main") focusWhatMatters(region, region.querySelector("h1") || region);
    else if (region.querySelector && !region.closest("#toasts, #nav, #tabs")) focusWhatMatters(region, null);
  });

  arrive();
})();

// Drafts: a form with data-draft="name" is kept in this browser as it is typed, for the person signed in, until it was sent,
// discarded, or they sign out. Whatever form_key it had comes back with it, so that what was sent is not sent twice.
(() => {
  "use strict";

  const PREFIX = "pilotage:draft:";
  const KEPT_FOR_MS = 30 * 24 * 3600 * 1000;
  const NEVER_KEPT = new Set(["_csrf_token", "keep", "mask", "then"]);
  const words = () => document.getElementById("toasts").dataset;
  const person = () => document.body.dataset.person;
  const place = (form) => PREFIX + person() + ":" + location.pathname.split("/")[2] + ":" + form.dataset.draft;
  const phone = () => matchMedia("(pointer: coarse), (max-width: 46rem)").matches;
  const waiting = new WeakMap();
  let signingOut = false;

  function stored(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  }

  function store(key, draft) {
    try { localStorage.setItem(key, JSON.stringify(draft)); return true; } catch { return false; }
  }

  function forget(key) {
    try { localStorage.removeItem(key); } catch { /* nothing is kept here then */ }
  }

  function fields(form) {
    return [...form.elements].filter((field) => field.name && !NEVER_KEPT.has(field.name)
      && !["submit", "button", "file", "password"].includes(field.type) && field.tagName !== "FIELDSET");
  }

  function told(form) {
    return fields(form)
      .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
      .map((field) => [field.name, field.value]);
  }

  const typedIn = (form) => JSON.stringify(told(form).filter(([name]) => name !== "form_key"));

  function keep(form) {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    if (!person() || signingOut || !form.isConnected) return;
    if (typedIn(form) === form.dataset.asOpened) {
      forget(place(form));
      bar(form).hidden = true;
    } else if (store(place(form), { at: Date.now(), told: told(form) })) {
      show(form, false);
    }
  }

  function bar(form) {
    let found = form.querySelector(":scope > .draft");
    if (found) return found;
    found = document.createElement("div");
    found.className = "draft row";
    found.hidden = true;
    found.innerHTML = '<span class="chip teal" role="status"></span><button class="btn" type="button" data-variant="link" data-size="sm" data-discard></button>';
    found.querySelector("button").textContent = words().discard;
    const actions = [...form.querySelectorAll(":scope > .actions")].pop();
    if (actions && !form.matches(".learning")) actions.before(found);
    else form.prepend(found);
    return found;
  }

  function show(form, foundAgain) {
    const found = bar(form);
    if (foundAgain) form.prepend(found);
    found.hidden = false;
    const chip = found.querySelector(".chip");
    const said = foundAgain ? words().foundAgain : phone() ? words().savedPhone : words().saved;
    if (chip.textContent !== said) chip.textContent = said;
  }

  function fill(form, saved) {
    const given = new Map();
    for (const [name, value] of saved) given.set(name, [...(given.get(name) || []), value]);
    for (const field of fields(form)) {
      const values = given.get(field.name) || [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
      else if (values.length) field.value = values.shift();
    }
    for (const fold of form.querySelectorAll("details")) {
      if (fields(form).some((field) => fold.contains(field) && field.type !== "hidden" && (field.type === "checkbox" ? field.checked : field.value))) fold.open = true;
    }
  }

  function open(form) {
    if (!person() || form.dataset.asOpened !== undefined) return;
    form.dataset.asOpened = typedIn(form);
    bar(form);
    if (form.querySelector("#problems, .pointed-out") || form.dataset.typed !== undefined) {
      form.dataset.asOpened = "";
      keep(form);
      return;
    }
    const draft = stored(place(form));
    if (!draft) return;
    fill(form, draft.told);
    const fold = form.closest("details");
    if (fold) fold.open = true;
    show(form, true);
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function discard(form) {
    fill(form, JSON.parse(form.dataset.asOpened || "[]"));
    forget(place(form));
    bar(form).hidden = true;
    form.querySelector("textarea, input:not([type=hidden])")?.focus();
  }

  function openAll() {
    document.querySelectorAll("form[data-draft]").forEach(open);
  }

  function everyDraft(wanted) {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX) && wanted(key)) forget(key);
    } catch { /* nothing is kept here then */ }
  }

  function typed(event) {
    const form = event.target.form?.matches("form[data-draft]") ? event.target.form : null;
    if (!form) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keep(form), 250));
  }
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  const keepAll = () => document.querySelectorAll("form[data-draft]").forEach((form) => { if (waiting.has(form)) keep(form); });
  addEventListener("pagehide", keepAll);
  document.addEventListener("visibilitychange", keepAll);

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-discard]");
    if (button) discard(button.form);
  });

  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-draft]")) keep(event.target);
    if (!new URL(event.target.action).pathname.startsWith("/sign-out")) return;
    signingOut = true;
    everyDraft((key) => key.startsWith(PREFIX + person() + ":"));
  }, true);

  // It was sent when what came back is a page of the house that does not hold the same form again.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const form = requestConfig.elt;
    if (requestConfig.verb !== "post" || !form.matches("form[data-draft]")) return;
    const again = xhr.responseText.includes(form.elements.form_key?.value);
    if (xhr.status < 400 && /data-layout="frame"/.test(xhr.responseText) && !again) {
      clearTimeout(waiting.get(form));
      waiting.delete(form);
      forget(place(form));
    }
  });
  document.addEventListener("htmx:afterSettle", openAll);

  everyDraft((key) => !(stored(key)?.at > Date.now() - KEPT_FOR_MS));
  openAll();
})();

// Keys: where a page names them (data-keys="j ArrowRight"), a single key goes to what bears its name. Never while one types,
// and not at all for who turned them off.
(() => {
  "use strict";

  const OFF = "pilotage:keys-off";
  const off = () => { try { return localStorage.getItem(OFF) !== null; } catch { return false; } };

  function dress() {
    document.querySelectorAll("[data-keys-switch]").forEach((button) => button.setAttribute("aria-pressed", String(!off())));
    document.documentElement.classList.toggle("keys-off", off());
  }

  // A page that settles a moment later leaves the focus where the key brought it.
  function goTo(field) {
    field.dataset.wentTo = "";
    field.addEventListener("blur", () => { delete field.dataset.wentTo; }, { once: true });
    field.focus();
  }

  function follow(named) {
    const found = document.getElementById(named.dataset.goesTo) || named;
    if (found.matches("details")) {
      found.open = true;
      found.scrollIntoView({ block: "nearest" });
      goTo(found.querySelector("textarea, input:not([type=hidden])"));
    } else if (found.matches("a, button, input[type=checkbox]")) found.click();
    else {
      goTo(found);
      found.select?.();
    }
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog, details[data-menu]");
    if (typing && event.key === "Escape" && document.querySelector("[data-keys]")) { event.target.blur(); return; }
    if (typing && event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form?.matches("[data-draft]")) {
      event.preventDefault();
      event.target.form.requestSubmit(event.target.form.querySelector("button[type=submit][data-main]") || undefined);
      return;
    }
    if (typing || off() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    const found = [...document.querySelectorAll("[data-keys]")].find((each) => each.dataset.keys.split(" ").includes(event.key));
    if (!found) return;
    event.preventDefault();
    follow(found);
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-keys-switch]")) return;
    try { if (off()) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "yes"); } catch { /* it stays as it is */ }
    dress();
  });
  document.addEventListener("htmx:afterSettle", dress);
  dress();
})();

// Files: too large a one is said before it is sent, and a bar shows how much of it has gone.
(() => {
  "use strict";

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.matches?.("input[type=file][data-largest]")) return;
    const over = [...field.files].some((file) => file.size > Number(field.dataset.largest));
    field.setAttribute("aria-invalid", String(over));
    field.closest(".form-field").querySelector(".field-problem.said-here")?.remove();
    if (!over) return;
    field.value = "";
    const problem = document.createElement("p");
    problem.className = "field-problem said-here";
    problem.setAttribute("role", "alert");
    problem.textContent = field.dataset.tooLarge;
    field.after(problem);
  });

  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = event.target.closest?.("form[data-upload]")?.querySelector(".upload-progress");
    const { lengthComputable, loaded, total } = event.detail;
    if (!bar || !lengthComputable || total < 100000) return;
    bar.hidden = false;
    bar.querySelector("progress").value = loaded / total;
  });
})();
