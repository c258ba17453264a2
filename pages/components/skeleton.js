// In front of every element's own scripts: mount once, update, and leave nothing behind.

const mounted = new WeakMap()

// `mount(root, host, signal)` builds an element inside `root`, which has its markup already, and
// returns the function that takes its data. `host` sends to Python. What the element adds outside
// of `root` it takes away when `signal` is aborted.
function define(mount) {
  return ({ data, parentElement: root, setStateValue, setTriggerValue }) => {
    if (!data) return undefined
    const known = mounted.get(root) ?? { host: {}, ending: new AbortController() }
    Object.assign(known.host, { setStateValue, setTriggerValue })
    if (!mounted.has(root)) known.update = mount(root, known.host, known.ending.signal)
    mounted.set(root, known)
    known.update(data)
    return () => {
      // Streamlit also ends a call that a newer one has overtaken; the element is still there.
      if (root.isConnected) return
      known.ending.abort()
      mounted.delete(root)
    }
  }
}

// An HTML element; attributes that are undefined or false are left out, those that begin with "on"
// are handlers.
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value
    else if (value !== undefined && value !== false) node.setAttribute(name, value)
  }
  node.append(...children.filter((child) => child !== undefined))
  return node
}

// A text of this element in its reader's language, with {name} filled in. WORDS stands in front.
function say(text, values = {}) {
  return (WORDS[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
}

// A number with the separators of its reader's language; with decimal places, ungrouped.
function digits(number, places = 0) {
  return number.toLocaleString(LANGUAGE, {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
    useGrouping: places === 0,
  })
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag)
  made.className = className
  made.textContent = text
  return made
}

function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}
