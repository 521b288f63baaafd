// The first script of a sandboxed document: it has no origin, so that its browser lets it store nothing, and most apps
// break off at the exception. They get a memory of their own instead, which lives as long as the frame does.
;(() => {
  "use strict"
  const MARK = "fake_studio memory: " // of our text in window.name, which outlives a link to another page of the app
  const memory = remembered()

  function remembered() {
    try {
      return window.name.startsWith(MARK) ? JSON.parse(window.name.slice(MARK.length)) : {}
    } catch {
      return {}
    }
  }

  // Once for all changes that a script makes in one go. A frame with a name of its own is the target of links: it keeps it.
  let isAboutTo = false
  function remember() {
    if (isAboutTo || (window.name && !window.name.startsWith(MARK))) return
    isAboutTo = true
    queueMicrotask(() => {
      isAboutTo = false
      window.name = MARK + JSON.stringify(memory)
    })
  }

  // The methods and the keys of a Storage, over a plain object. Values are texts, as there.
  function storageOver(kept) {
    const methods = {
      getItem: (key) => (Object.hasOwn(kept, key) ? kept[key] : null),
      setItem: (key, value) => void ((kept[key] = String(value)), remember()),
      removeItem: (key) => void (delete kept[key], remember()),
      clear: () => Object.keys(kept).forEach(methods.removeItem),
      key: (place) => Object.keys(kept)[place] ?? null,
    }
    const own = (key) => (key === "length" ? Object.keys(kept).length : methods[key])
    return new Proxy(kept, {
      get: (_, key) => own(key) ?? (Object.hasOwn(kept, key) ? kept[key] : undefined),
      set: (_, key, value) => (methods.setItem(key, value), true),
      deleteProperty: (_, key) => (methods.removeItem(key), true),
      has: (_, key) => key in methods || key === "length" || Object.hasOwn(kept, key),
    })
  }

  // Cookies of one document: only their names and values matter, and whether they are over.
  function setCookie(jar, text) {
    const [pair, ...attributes] = String(text).split(";")
    const [name, ...value] = pair.split("=")
    if (attributes.some(isOver)) delete jar[name.trim()]
    else jar[name.trim()] = value.join("=").trim()
    remember()
  }

  function isOver(attribute) {
    const [name, value = ""] = attribute.split(/=(.*)/s).map((part) => part.trim())
    if (/^max-age$/i.test(name)) return Number(value) <= 0
    return /^expires$/i.test(name) && Date.parse(value) < Date.now()
  }

  function define(owner, name, told) {
    Object.defineProperty(owner, name, { configurable: true, enumerable: true, ...told })
  }

  for (const name of ["localStorage", "sessionStorage"]) {
    define(window, name, { value: storageOver((memory[name] ??= {})) })
  }
  const jar = (memory.cookies ??= {})
  define(document, "cookie", {
    get: () => Object.entries(jar).map(([name, value]) => `${name}=${value}`).join("; "),
    set: (text) => setCookie(jar, text),
  })

  // What no memory stands in for is not there at all, so that an app that asks before takes its other way.
  for (const [owner, name] of [[window, "indexedDB"], [window, "caches"], [Navigator.prototype, "serviceWorker"]]) {
    for (const holder of [owner, Object.getPrototypeOf(owner)]) if (Object.hasOwn(holder, name)) delete holder[name]
  }
})()
