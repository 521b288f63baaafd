// What a page does beyond links and forms: it renews itself, and the tree opens and answers to keys.
import { shownTopics, showAgain } from "./tree.js"

const EVERY = 1500 // milliseconds between two looks at the Studio
const { pulseUrl } = document.body.dataset
let seen = document.body.dataset.pulse

async function look() {
  const silence = document.getElementById("silence")
  try {
    if (!document.hidden) await renewIfChanged()
    silence.hidden = true
  } catch {
    silence.hidden = false
  }
  setTimeout(look, EVERY)
}

async function renewIfChanged() {
  const { pulse } = await (await fetch(pulseUrl)).json()
  if (pulse !== seen) {
    await renew()
    seen = pulse
  }
}

// Each part that is marked as live is replaced by what the server says of it now.
async function renew() {
  const answer = await fetch(location.href)
  if (!answer.ok) return location.assign(location.pathname)
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html")
  const topics = shownTopics()
  const focused = document.activeElement?.getAttribute("href")
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id)
    if (!other) part.remove()
    else if (other.outerHTML !== part.outerHTML && !isInUse(part)) part.replaceWith(other)
  }
  for (const other of fresh.querySelectorAll("[data-live]")) insert(other)
  showAgain(topics)
  markWide()
  if (focused && document.activeElement === document.body) refocus(focused)
}

// A part that was not there before takes its place behind the one that comes before it.
function insert(other) {
  if (document.getElementById(other.id)) return
  const before = other.previousElementSibling
  const known = before?.id && document.getElementById(before.id)
  if (known) known.after(other)
  else location.reload()
}

function isInUse(part) {
  return part.contains(document.activeElement) && /^(INPUT|SELECT|TEXTAREA|SUMMARY)$/.test(document.activeElement.tagName)
}

function refocus(href) {
  for (const link of document.links) if (link.getAttribute("href") === href) return link.focus()
}

// A table that goes on beyond the edge says so.
function markWide() {
  for (const part of document.querySelectorAll(".wide")) part.classList.toggle("scrolls", part.scrollWidth > part.clientWidth + 1)
}

markWide()
addEventListener("resize", markWide)
setTimeout(look, EVERY)
