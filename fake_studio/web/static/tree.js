// The tree: what is inside a topic is fetched when it is opened, and the arrow keys walk through it.
const again = new Set() // topics to open as soon as they are there

export function shownTopics() {
  return new Map([...document.querySelectorAll(".toggle")].map((toggle) => [toggle.dataset.node, isOpen(toggle)]))
}

// The server draws a small tree open: what a reader closed is closed again, and what they opened is opened.
export function showAgain(topics) {
  for (const toggle of document.querySelectorAll(".toggle[aria-expanded=true]")) {
    if (topics.get(toggle.dataset.node) === false) turn(toggle, false)
  }
  for (const [topic, open] of topics) if (open) again.add(topic)
  openKnown()
}

function openKnown() {
  for (const toggle of document.querySelectorAll(".toggle[aria-expanded=false]")) {
    if (again.delete(toggle.dataset.node)) turn(toggle, true)
  }
}

const isOpen = (toggle) => toggle?.getAttribute("aria-expanded") === "true"
const listOf = (toggle) => toggle.closest("li").querySelector(":scope > ul")

function turn(toggle, open) {
  const list = listOf(toggle)
  toggle.setAttribute("aria-expanded", open)
  list.hidden = !open
  const waiting = list.querySelector(":scope > [data-more]:only-child")
  if (open && waiting) fetchMore(waiting)
}

async function fetchMore(item) {
  const answer = await fetch(item.dataset.more)
  if (!answer.ok) return
  item.outerHTML = await answer.text()
  openKnown()
}

document.addEventListener("click", (event) => {
  const toggle = event.target.closest(".toggle")
  const more = event.target.closest("[data-more]")
  if (toggle) turn(toggle, !isOpen(toggle))
  if (!more) return
  event.preventDefault()
  fetchMore(more)
})

function step(link, by) {
  const links = [...document.querySelectorAll("[data-keys] a")].filter((each) => each.offsetParent)
  links[links.indexOf(link) + by]?.focus()
}

function open(link, toggle) {
  if (toggle && !isOpen(toggle)) turn(toggle, true)
  else step(link, 1)
}

function close(link, toggle) {
  if (isOpen(toggle)) turn(toggle, false)
  else link.closest("ul").closest("li")?.querySelector("a").focus()
}

const KEYS = {
  ArrowDown: (link) => step(link, 1),
  ArrowUp: (link) => step(link, -1),
  ArrowRight: open,
  ArrowLeft: close,
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return
  const link = event.target.closest("[data-keys] a")
  if (link && KEYS[event.key]) {
    event.preventDefault()
    KEYS[event.key](link, link.closest(".row")?.querySelector(".toggle"))
  } else if (event.key === "/" && !event.target.closest("input, textarea, select")) {
    const search = document.querySelector("[data-search]")
    search?.focus()
    if (search) event.preventDefault()
  }
})

// A deep link names a node. Earlier than at load, the browser takes the focus away again for the fragment.
addEventListener("load", () => {
  document.querySelector(".marked a")?.focus()
  document.querySelector(".marked")?.scrollIntoView({ block: "center" })
})
