// The player, second part: makes the content of a package from its libraries, and what libraries ask of it meanwhile.
;((H5P, $) => {
  "use strict"
  const told = JSON.parse(document.getElementById("package").textContent)
  const states = {} // what libraries save of a learner: it lives as long as the frame does
  const isAddress = (path) => /^(?:[a-z][a-z\d+.-]*:|\/\/|\/)/i.test(path)

  // Where things are

  H5P.getContentPath = () => `${told.base}content`
  H5P.getPath = (path) => (isAddress(path) ? path : `${H5P.getContentPath()}/${path.replace(/#tmp$/, "")}`)
  H5P.getLibraryPath = (name) => told.base + (told.folders[name] ?? name)
  H5P.getCrossOrigin = () => null
  H5P.setSource = (element, source) => void (element.src = H5P.getPath(source.path ?? source))

  // Libraries and what is made of them

  H5P.libraryFromString = (name) => {
    const [, machineName, majorVersion, minorVersion] = /^(\S+) (\d+)\.(\d+)$/.exec(name ?? "") ?? []
    return machineName ? { machineName, majorVersion: Number(majorVersion), minorVersion: Number(minorVersion) } : false
  }
  H5P.classFromName = (name) => name.split(".").reduce((holder, part) => holder?.[part], window)
  H5P.jsLoaded = H5P.cssLoaded = () => true

  H5P.ContentType = (isRoot) => {
    function ContentType() {}
    ContentType.prototype = new H5P.EventDispatcher()
    ContentType.prototype.isRoot = () => isRoot
    ContentType.prototype.getLibraryFilePath = function (path) {
      return `${H5P.getLibraryPath(this.libraryInfo.versionedNameNoSpaces)}/${path}`
    }
    return ContentType
  }

  H5P.newRunnable = (library, contentId, $to, skipResize, extras = {}) => {
    const { machineName, majorVersion, minorVersion } = H5P.libraryFromString(library.library) || {}
    const made = machineName && H5P.classFromName(machineName)
    if (typeof made !== "function") return void H5P.error(`The package has no script for ${library.library}.`)
    // Every library is a content type, but for what it says itself.
    made.prototype = $.extend({}, H5P.ContentType(extras.standalone === true).prototype, made.prototype)
    const more = { metadata: library.metadata, subContentId: library.subContentId, ...extras }
    const instance = new made(library.params ?? {}, contentId, more)
    const version = `${majorVersion}.${minorVersion}`
    const versionedNameNoSpaces = `${machineName}-${version}`
    const versionedName = `${machineName} ${version}`
    instance.libraryInfo ??= { versionedName, versionedNameNoSpaces, machineName, majorVersion, minorVersion }
    instance.contentId ??= contentId
    instance.subContentId ??= library.subContentId
    instance.parent ??= extras.parent
    instance.$ ??= $(instance)
    if ($to) attach(instance, $to, extras.standalone === true)
    if ($to && !skipResize) H5P.trigger(instance, "resize")
    return instance
  }

  function attach(instance, $to, isAlone) {
    $to.toggleClass("h5p-standalone", isAlone)
    instance.attach($to)
    H5P.trigger(instance, "domChanged", { $target: $to, library: instance.libraryInfo.machineName, key: "newLibrary" })
  }

  // Small things

  H5P.trim = (text) => String(text).trim()
  H5P.cloneObject = (object, isDeep) => $.extend(Boolean(isDeep), Array.isArray(object) ? [] : {}, object)
  H5P.isEmpty = (value) => !value && value !== 0 && value !== false
  H5P.createUUID = () => "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () => Math.floor(Math.random() * 16).toString(16))
  H5P.createTitle = (html, most = 60) => {
    const text = $("<div>").text(String(html ?? "").replace(/<[^>]*>/g, " ")).text().trim()
    return text.length > most ? `${text.slice(0, most)}...` : text
  }
  H5P.shuffleArray = (list) => {
    for (let last = list.length - 1; last > 0; last--) {
      const place = Math.floor(Math.random() * (last + 1))
      ;[list[last], list[place]] = [list[place], list[last]]
    }
    return list
  }
  H5P.t = (key) => key
  H5P.error = (problem) => {
    console.error(problem)
    $("<p class='problem' role='alert'>").text(String(problem)).prependTo(document.body)
  }
  H5P.Tooltip = (element, { text } = {}) => void (element.title = text ?? element.getAttribute("aria-label") ?? "")
  H5P.attachToastTo = (element, message) => void $("<p class='toast' role='status'>").text(message).insertAfter(element)

  H5P.ConfirmationDialog = function (options = {}) {
    H5P.EventDispatcher.call(this)
    const element = document.createElement("dialog")
    const end = (type) => (element.close(), this.trigger(type))
    const button = (text, type) => $("<button type='button'>").text(text).on("click", () => end(type))
    const { headerText = "Are you sure?", dialogText = "", cancelText = "Cancel", confirmText = "Confirm" } = options
    $(element).append($("<h2>").text(headerText), $("<div>").html(dialogText))
    $(element).append(button(cancelText, "canceled"), " ", button(confirmText, "confirmed"))
    this.appendTo = (holder) => (holder.appendChild(element), this)
    this.setViewPortElement = () => {}
    this.getElement = () => element
    this.show = () => (element.isConnected || document.body.append(element), element.showModal(), this)
    this.hide = () => (element.close(), this)
  }

  // What is kept for a learner, and what a frame in a sandbox has not

  const place = (data, sub) => `${sub ?? 0}/${data}`
  H5P.getUserData = (contentId, data, done, sub) => done(undefined, states[place(data, sub)] ?? null)
  H5P.setUserData = (contentId, data, value, { subContentId } = {}) => void (states[place(data, subContentId)] = value)
  H5P.deleteUserData = (contentId, data, sub) => void delete states[place(data, sub)]
  H5P.getClipboard = H5P.clipboardify = () => null
  H5P.setClipboard = H5P.setFinished = H5P.fullScreen = H5P.semiFullScreen = H5P.exitFullScreen = () => {}
  H5P.isFramed = true
  H5P.isFullscreen = H5P.fullscreenSupported = H5P.canHasFullScreen = false

  // The content

  H5P.instances = []
  H5P.$window = $(window)
  window.H5PIntegration = {
    baseUrl: "", url: told.base, postUserStatistics: false, saveFreq: false, user: { name: "A learner" },
    contents: { "cid-1": { library: told.library, jsonContent: JSON.stringify(told.params), metadata: told.metadata } },
    l10n: { H5P: {} },
  }

  $(() => {
    H5P.$body = $(document.body)
    const library = { library: told.library, params: told.params, metadata: told.metadata }
    const instance = H5P.newRunnable(library, 1, $("#content"), true, { metadata: told.metadata, standalone: true })
    if (!instance) return
    H5P.instances.push(instance)
    const resize = () => H5P.trigger(instance, "resize")
    addEventListener("resize", resize)
    addEventListener("load", resize)
    resize()
  })
  addEventListener("error", ({ message }) => message && H5P.error(message))
})(window.H5P, window.jQuery)
