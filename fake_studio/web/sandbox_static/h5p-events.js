// What the libraries of H5P packages expect of a player, first part: events, and the statements that they carry.
// Written after the public description of H5P's API; the libraries themselves come from the package.
window.H5P = { jQuery: window.jQuery }
;((H5P, $) => {
  "use strict"

  H5P.Event = function (type, data, { bubbles = false, external = false } = {}) {
    let [climbs, leaves] = [bubbles, external]
    Object.assign(this, { type, data })
    this.preventBubbling = () => void (climbs = false)
    this.getBubbles = () => climbs
    this.scheduleForExternal = () => leaves && !(leaves = false)
  }

  H5P.EventDispatcher = function () {
    const listeners = {}
    const add = (type, heard, context, isOnce) => (listeners[type] ??= []).push({ heard, context, isOnce })

    this.on = (type, heard, context) => void add(type, heard, context, false)
    this.once = (type, heard, context) => void add(type, heard, context, true)
    this.off = (type, heard) => {
      listeners[type] = heard ? (listeners[type] ?? []).filter((each) => each.heard !== heard) : []
    }
    this.trigger = function (told, data, options) {
      const event = told instanceof H5P.Event ? told : new H5P.Event(String(told?.type ?? told), data, options)
      for (const { heard, context, isOnce } of [...(listeners[event.type] ?? []), ...(listeners["*"] ?? [])]) {
        heard.call(context ?? this, event)
        if (isOnce) this.off(event.type, heard)
      }
      if (event.getBubbles() && typeof this.parent?.trigger === "function") this.parent.trigger(event)
      if (event.scheduleForExternal()) H5P.externalDispatcher?.trigger(event)
    }
  }

  // Nobody keeps a record here: statements are made, because libraries read them again, and are sent nowhere.
  H5P.XAPIEvent = class extends H5P.Event {
    constructor() {
      super("xAPI", { statement: {} }, { bubbles: true, external: true })
    }
    setScoredResult(raw, max, instance, completion, success) {
      const score = { min: 0, max, raw, ...(max > 0 && { scaled: Math.round((raw / max) * 10000) / 10000 }) }
      const said = { completion, success }
      for (const name of ["completion", "success"]) if (said[name] === undefined) delete said[name]
      this.data.statement.result = { score, ...said }
    }
    setVerb(verb) {
      const isWhole = typeof verb === "object"
      const made = { id: `http://adlnet.gov/expapi/verbs/${verb}`, display: { "en-US": verb } }
      this.data.statement.verb = isWhole ? verb : made
    }
    getVerb(whole) {
      const { verb } = this.data.statement
      return whole ? verb : verb?.id.split("/").pop() ?? null
    }
    setObject(instance) {
      const about = { extensions: { "http://h5p.org/x-api/h5p-local-content-id": instance?.contentId } }
      this.data.statement.object = { objectType: "Activity", definition: about }
    }
    setContext(instance) {
      const category = instance?.libraryInfo ? [{ id: instance.libraryInfo.versionedName, objectType: "Activity" }] : []
      this.data.statement.context = { contextActivities: { category } }
    }
    setActor() {
      this.data.statement.actor = { objectType: "Agent", name: "A learner" }
    }
    getScore() {
      return this.getVerifiedStatementValue(["result", "score", "raw"])
    }
    getMaxScore() {
      return this.getVerifiedStatementValue(["result", "score", "max"])
    }
    getVerifiedStatementValue(keys) {
      return keys.reduce((value, key) => value?.[key], this.data.statement) ?? null
    }
  }

  Object.assign(H5P.EventDispatcher.prototype, {
    createXAPIEventTemplate(verb, more = {}) {
      const event = new H5P.XAPIEvent()
      event.setActor()
      event.setVerb(verb)
      Object.assign(event.data.statement, more)
      if (!more.object) event.setObject(this)
      if (!more.context) event.setContext(this)
      return event
    },
    triggerXAPI(verb, more) {
      this.trigger(this.createXAPIEventTemplate(verb, more))
    },
    triggerXAPIScored(score, max, verb, completion, success) {
      const event = this.createXAPIEventTemplate(verb)
      event.setScoredResult(score, max, this, completion, success)
      this.trigger(event)
    },
    triggerXAPICompleted(score, max, success) {
      this.triggerXAPIScored(score, max, "completed", true, success)
    },
    setActivityStarted() {
      this.activityStartTime ??= Date.now()
    },
  })
  H5P.externalDispatcher = new H5P.EventDispatcher()

  // A library is an object that dispatches, or one of the page's own elements.
  H5P.on = (instance, type, heard) => (instance?.on ? instance.on(type, heard) : instance && $(instance).on(type, heard))
  H5P.trigger = (instance, ...told) => instance?.trigger?.(...told)
})(window.H5P, window.jQuery)
