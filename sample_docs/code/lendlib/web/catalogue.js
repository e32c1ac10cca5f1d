// The page on the tablet. No framework; the tablet is from 2014.

/** Wait until the typing stops before asking the server. */
export function debounce(fn, ms = 250) {
  let timer = null;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => fn(...args), ms);
  };
}

/** Lower case, without accents, so that "Sage" finds "Säge". */
export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

export function matches(item, words) {
  const haystack = fold(`${item.name} ${item.shelf ?? ""}`);
  return words.every((word) => haystack.includes(fold(word)));
}

/** Colour AND word: two of our volunteers cannot tell the red from the green. */
export function badge(item, today = new Date()) {
  if (!item.due_on) return { text: "here", css: "ok" };
  const late = new Date(item.due_on) < today;
  return late ? { text: "overdue", css: "bad" } : { text: `out until ${item.due_on}`, css: "out" };
}

async function load(query) {
  const controller = new AbortController();
  const guard = setTimeout(() => controller.abort(), 4000);
  try {
    const answer = await fetch(`/api/items?q=${encodeURIComponent(query)}`, { signal: controller.signal });
    if (!answer.ok) throw new Error(`server says ${answer.status}`);
    return await answer.json();
  } finally {
    clearTimeout(guard);
  }
}

export function start(input, list) {
  const search = debounce(async () => {
    const words = input.value.split(/\s+/).filter(Boolean);
    const items = (await load(input.value)).filter((item) => matches(item, words));
    list.replaceChildren(
      ...items.map((item) => {
        const row = document.createElement("li");
        const mark = badge(item);
        row.textContent = `${item.name} (${mark.text})`; // textContent: a member once named a drill <b>
        row.className = mark.css;
        return row;
      }),
    );
  });
  input.addEventListener("input", search);
}
