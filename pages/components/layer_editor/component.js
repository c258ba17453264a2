// The layer list: one row a layer, edited in place. The server owns the design: every edit is
// sent as the complete list with a running number, and comes back as `data` with shapes and
// errors filled in. An answer older than the last edit is dropped, so typing is never undone.

const PAUSE_WHILE_TYPING = 250 // ms: 1, 12, 128 should be one edit, not three
const ICONS = {
  up: "M12 5l-6 6h4v8h4v-8h4z",
  down: "M12 19l6-6h-4V5h-4v8H6z",
  copy: "M8 4h11v13h-2V6H8zM5 7h10v13H5z",
  remove:
    "M6 7.4L7.4 6 12 10.6 16.6 6 18 7.4 13.4 12 18 16.6 16.6 18 12 13.4 7.4 18 6 16.6 10.6 12z",
  handle: "M9 5h2v2H9zM13 5h2v2h-2zM9 11h2v2H9zM13 11h2v2h-2zM9 17h2v2H9zM13 17h2v2h-2z",
  add: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  help: "M11 17h2v2h-2zM12 5a4 4 0 0 0-4 4h2a2 2 0 1 1 3 1.7c-1.2.8-2 1.6-2 3.8h2c0-1.3.5-1.7 1.5-2.4A4 4 0 0 0 12 5z",
}

export default define((parent, host, signal) => {
  const editor = new Editor(parent.querySelector(".builder"))
  editor.send = (edit) => host.setTriggerValue("edited", edit)
  // What was typed last is not an edit yet, and the list it belonged to is gone.
  signal.addEventListener("abort", () => clearTimeout(editor.timer))
  return (data) => editor.receive(data)
})

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("viewBox", "0 0 24 24")
  svg.setAttribute("aria-hidden", "true")
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
  path.setAttribute("d", ICONS[name])
  svg.append(path)
  return svg
}

class Editor {
  constructor(root) {
    this.root = root
    this.list = root.querySelector("ol")
    this.edit = 0
    this.helps = new Set()
  }

  receive(data) {
    if (data.session === this.session && data.seen < this.edit) return
    this.session = data.session
    this.edit = data.seen
    this.data = data
    this.layers = data.rows.map((row) => ({ kind: row.kind, ...row.values }))
    this.root.classList.remove("waiting")
    this.show()
  }

  change(layers, focus) {
    this.layers = layers
    this.edit += 1
    this.root.classList.add("waiting")
    const stale = new Map(this.data.rows.map((row, at) => [at, row]))
    this.data = {
      ...this.data,
      rows: layers.map((layer, at) => this.provisional(layer, stale.get(at))),
    }
    this.show(focus)
    this.send({ edit: this.edit, session: this.session, layers })
  }

  // Until the server has answered, a row keeps the old figures of its place, shown dimmed.
  provisional({ kind, ...values }, old = {}) {
    return { output: "…", parameters: "…", multiply_adds: "…", ...old, kind, values }
  }

  move(from, to) {
    if (to < 0 || to >= this.layers.length || from === to) return
    const layers = [...this.layers]
    layers.splice(to, 0, ...layers.splice(from, 1))
    this.helps.clear()
    this.change(layers, [to, document.activeElement && this.focused()?.[1]])
  }

  insert(at, kind) {
    const layers = [...this.layers]
    layers.splice(at, 0, { kind, ...this.data.kinds[kind].defaults })
    this.helps.clear()
    this.change(layers, [at, null])
  }

  remove(at) {
    this.helps.clear()
    this.change(
      this.layers.filter((_, index) => index !== at),
      [Math.min(at, this.layers.length - 2), "remove"],
    )
  }

  set(at, name, value) {
    if (this.rebuilding || this.layers[at][name] === value) return
    this.change(
      this.layers.map((layer, index) => (index === at ? { ...layer, [name]: value } : layer)),
    )
  }

  focused() {
    const part = this.root.getRootNode().activeElement?.closest?.("[data-part]")
    const row = part?.closest("li")
    return row ? [Number(row.dataset.at), part.dataset.part] : null
  }

  show(focus = null) {
    const structure = JSON.stringify([
      this.session,
      this.layers.map((layer) => layer.kind),
      this.data.full,
    ])
    if (structure !== this.structure) {
      const keep = focus ?? this.focused()
      this.structure = structure
      // A number field that is removed while it has the focus reports a last change: too late.
      this.rebuilding = true
      this.list.replaceChildren(...this.layers.map((_, at) => this.row(at)))
      this.rebuilding = false
      this.root
        .querySelector(".add")
        .replaceChildren(this.adder(this.layers.length, say("Add a layer at the end")))
      const target = keep && this.list.children[keep[0]]
      const part = target?.querySelector(`[data-part="${keep[1] ?? "up"}"]`)
      if (focus && part && !part.disabled) part.focus({ preventScroll: true })
    }
    this.data.rows.forEach((row, at) => this.fill(this.list.children[at], row, at))
    for (const [name, text] of Object.entries(this.data.totals)) {
      this.root.querySelector(`.totals .${name}`).textContent = text
    }
    this.root.querySelector(".empty").hidden = this.layers.length > 0
  }

  row(at) {
    const kind = this.data.kinds[this.layers[at].kind]
    const where = say("layer {number}, {kind}", { number: at + 1, kind: kind.title })
    const button = (part, label, onclick, disabled = false) =>
      make(
        "button",
        {
          type: "button",
          "data-part": part,
          title: label,
          "aria-label": `${label}: ${where}`,
          onclick,
          disabled,
        },
        icon(part),
      )
    const handle = button("handle", say("Drag to move"), null)
    handle.onpointerdown = (event) => this.drag(event, at)
    handle.onkeydown = (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
      if (step) event.preventDefault()
      if (step) this.move(at, at + step)
    }
    const help = make("p", { class: "help", hidden: !this.helps.has(at) }, kind.help)
    const toggle = () => {
      help.hidden = !help.hidden
      this.helps[help.hidden ? "delete" : "add"](at)
    }
    return make(
      "li",
      { "data-at": at, "data-kind": this.layers[at].kind },
      handle,
      make(
        "div",
        { class: "what" },
        make(
          "span",
          { class: "name" },
          make("span", { class: "number" }, String(at + 1)),
          kind.title,
          button("help", say("What it does"), toggle),
        ),
        make("div", { class: "fields" }, ...kind.fields.map((field) => this.field(at, field))),
        help,
        make("p", { class: "error", role: "alert", hidden: true }),
      ),
      make("span", { class: "output", "data-label": say("Output") }),
      make("span", { class: "parameters", "data-label": say("Parameters") }),
      make("span", { class: "multiply_adds", "data-label": say("Multiply-adds") }),
      make(
        "div",
        { class: "buttons" },
        button("up", say("Move up"), () => this.move(at, at - 1), at === 0),
        button(
          "down",
          say("Move down"),
          () => this.move(at, at + 1),
          at === this.layers.length - 1,
        ),
        button("copy", say("Duplicate"), () => this.duplicate(at), this.data.full),
        button("remove", say("Remove"), () => this.remove(at)),
        this.adder(at + 1, say("Add a layer below {place}", { place: where })),
      ),
    )
  }

  duplicate(at) {
    const layers = [...this.layers]
    layers.splice(at, 0, { ...layers[at] })
    this.change(layers, [at + 1, "copy"])
  }

  // A real <select> behind a plus sign: native on phones, and works from the keyboard.
  adder(at, label) {
    const groups = new Map()
    for (const [name, kind] of Object.entries(this.data.kinds)) {
      if (!groups.has(kind.group)) groups.set(kind.group, make("optgroup", { label: kind.group }))
      groups.get(kind.group).append(make("option", { value: name }, kind.title))
    }
    const select = make(
      "select",
      { "aria-label": label, title: label, "data-part": "adder", disabled: this.data.full },
      make("option", { value: "", selected: "" }, say("Add a layer…")),
      ...groups.values(),
    )
    select.onchange = () => {
      const kind = select.value
      select.value = ""
      if (kind) this.insert(at, kind)
    }
    return make(
      "label",
      { class: "adder" },
      icon("add"),
      make("span", {}, say("Add a layer")),
      select,
    )
  }

  field(at, field) {
    const part = { "data-part": `field-${field.name}`, title: field.help }
    if (field.options) {
      const select = make(
        "select",
        part,
        ...field.options.map((option) => make("option", { value: option.value }, option.label)),
      )
      select.onchange = () => this.set(at, field.name, field.options[select.selectedIndex].value)
      return make("label", {}, field.label, select)
    }
    if (field.type === "bool") {
      const box = make("input", { ...part, type: "checkbox" })
      box.onchange = () => this.set(at, field.name, box.checked)
      return make("label", { class: "check" }, box, field.label)
    }
    const input = make("input", {
      ...part,
      type: "number",
      inputmode: "decimal",
      min: field.min,
      max: field.max,
      step: field.step,
    })
    const commit = () => {
      clearTimeout(this.timer)
      // An empty or half-typed number ("1e") is not an edit yet; a number out of range is, and
      // the server explains it at this layer.
      if (input.value !== "" && Number.isFinite(input.valueAsNumber))
        this.set(at, field.name, input.valueAsNumber)
    }
    input.oninput = () => {
      clearTimeout(this.timer)
      this.timer = setTimeout(commit, PAUSE_WHILE_TYPING)
    }
    input.onchange = commit
    return make("label", {}, field.label, input)
  }

  fill(node, row, at) {
    node.classList.toggle("broken", Boolean(row.error))
    for (const name of ["output", "parameters", "multiply_adds"])
      node.querySelector(`.${name}`).textContent = row[name]
    const error = node.querySelector(".error")
    error.hidden = !row.error
    error.textContent = row.error ?? ""
    const active = this.root.getRootNode().activeElement
    for (const field of this.data.kinds[row.kind].fields) {
      const control = node.querySelector(`[data-part="field-${field.name}"]`)
      if (field.type === "bool") control.checked = row.values[field.name]
      else if (control !== active || field.options) control.value = String(row.values[field.name])
    }
    node.dataset.at = at
  }

  drag(event, from) {
    const rows = [...this.list.children]
    const handle = event.currentTarget
    let to = from
    handle.setPointerCapture(event.pointerId)
    rows[from].classList.add("dragged")
    handle.onpointermove = ({ clientY }) => {
      const middles = rows
        .map((row) => row.getBoundingClientRect())
        .map((box) => box.top + box.height / 2)
      const above = middles.filter((middle, at) => at !== from && middle < clientY).length
      to = above
      rows.forEach((row, at) => {
        row.classList.toggle("before", at === (to < from ? to : -1))
        row.classList.toggle("after", at === (to > from ? to : -1))
      })
    }
    handle.onpointerup = handle.onpointercancel = ({ type }) => {
      handle.onpointermove = handle.onpointerup = handle.onpointercancel = null
      rows.forEach((row) => row.classList.remove("before", "after", "dragged"))
      if (type === "pointerup") this.move(from, to)
    }
  }
}
