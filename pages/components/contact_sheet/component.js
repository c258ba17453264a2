// One grid of buttons that all show a part of the same picture.
// Data comes from contact_sheet.py; the only thing sent back is the id that was chosen.

export default define((root, host, signal) => {
  const instance = mount(root)
  instance.choose = (id) => host.setTriggerValue("clicked", id)
  signal.addEventListener("abort", () => URL.revokeObjectURL(instance.url))
  return (data) => {
    // A new selection alone moves the frame; everything else makes new cells.
    const content = JSON.stringify({ ...data, selected: null })
    if (instance.content !== content) fill(instance, data)
    instance.content = content
    frame(instance, data.selected)
  }
})

function mount(parentElement) {
  const grid = document.createElement("div")
  grid.setAttribute("role", "listbox")
  grid.setAttribute("aria-orientation", "horizontal")
  parentElement.appendChild(grid)
  const instance = { grid, cells: [] }
  const cellOf = (event) => event.target.closest?.(".cell")
  grid.onclick = (event) => {
    const cell = cellOf(event)
    if (!cell) return
    frame(instance, Number(cell.dataset.id))
    instance.choose(Number(cell.dataset.id))
  }
  grid.onkeydown = (event) => move(instance, event)
  grid.onpointerover = (event) => event.pointerType !== "touch" && hint(instance, cellOf(event))
  grid.onpointerleave = () => hint(instance, null)
  grid.onfocusin = (event) => {
    if (event.target.matches(":focus-visible")) hint(instance, cellOf(event))
  }
  grid.onfocusout = () => hint(instance, null)
  return instance
}

function fill(instance, data) {
  const { grid } = instance
  // New captions under the same pictures must not make these flash while they are decoded again.
  if (instance.sheet !== data.sheet) {
    if (instance.url) URL.revokeObjectURL(instance.url)
    instance.url = URL.createObjectURL(new Blob([bytes(data.sheet)], { type: "image/png" }))
    instance.sheet = data.sheet
  }

  const count = data.ids.length
  const across = Math.max(1, Math.ceil(Math.sqrt(count)))
  const down = Math.max(1, Math.ceil(count / across))
  grid.className = `sheet ${data.size}${data.columns ? " fixed" : ""}`
  grid.setAttribute("aria-label", data.label)
  grid.style.setProperty("--sheet", `url(${instance.url})`)
  grid.style.setProperty("--across", across)
  grid.style.setProperty("--down", down)
  grid.style.setProperty("--columns", data.columns ?? 1)

  instance.cells = data.ids.map((id, position) => {
    const cell = element("button", "cell")
    cell.type = "button"
    cell.tabIndex = position ? -1 : 0
    cell.dataset.id = id
    cell.setAttribute("role", "option")
    cell.setAttribute("aria-label", data.captions[position])
    const picture = cell.appendChild(element("span", "picture"))
    const x = (position % across) / Math.max(1, across - 1)
    const y = Math.floor(position / across) / Math.max(1, down - 1)
    picture.style.backgroundPosition = `${100 * x}% ${100 * y}%`
    if (data.marks?.[position]) cell.appendChild(element("span", "mark", data.marks[position]))
    if (data.colors) {
      cell.appendChild(element("span", "color")).style.backgroundColor = data.colors[position]
    }
    if (data.showCaptions) cell.appendChild(element("span", "caption", data.captions[position]))
    return cell
  })
  instance.showCaptions = data.showCaptions
  instance.hint = element("div", "hint")
  instance.hint.hidden = true
  grid.replaceChildren(...instance.cells, instance.hint)
}

// Frame the selected cell and let Tab reach it; without one, Tab stays where it was.
function frame(instance, selected) {
  for (const cell of instance.cells) {
    const chosen = selected !== null && Number(cell.dataset.id) === selected
    cell.setAttribute("aria-selected", String(chosen))
    if (chosen) {
      for (const other of instance.cells) other.tabIndex = -1
      cell.tabIndex = 0
    }
  }
}

function move(instance, event) {
  const here = instance.cells.indexOf(event.target)
  if (here < 0) return
  const columns = getComputedStyle(instance.grid).gridTemplateColumns.split(" ").length
  const last = instance.cells.length - 1
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }
  const there =
    event.key === "Home" ? 0 : event.key === "End" ? last : here + (steps[event.key] ?? 0)
  // A page around the sheet may use the arrows for something else.
  if (event.key in steps) event.stopPropagation()
  if (there === here || there < 0 || there > last) {
    if (event.key in steps) event.preventDefault()
    return
  }
  event.preventDefault()
  instance.cells[here].tabIndex = -1
  instance.cells[there].tabIndex = 0
  instance.cells[there].focus({ focusVisible: true })
}

// The caption above the cell, kept inside the grid's width.
function hint(instance, cell) {
  const box = instance.hint
  if (!box) return
  box.hidden = !cell || instance.showCaptions
  if (box.hidden) return
  box.textContent = cell.getAttribute("aria-label")
  const zoom =
    cell.offsetHeight * 0.5 * (Number(getComputedStyle(cell).getPropertyValue("--zoom")) - 1)
  const left = cell.offsetLeft + (cell.offsetWidth - box.offsetWidth) / 2
  box.style.left = `${Math.max(0, Math.min(left, instance.grid.offsetWidth - box.offsetWidth))}px`
  box.style.top = `${cell.offsetTop - box.offsetHeight - zoom - 6}px`
}
