// The network: Keras's layers in plain numbers, one image after another.

// Activations change a list of numbers in place.
const ACTIVATIONS = {
  linear: (list) => list,
  relu: each((x) => (x > 0 ? x : 0)),
  leaky_relu: each((x) => (x > 0 ? x : 0.2 * x)),
  elu: each((x) => (x > 0 ? x : Math.expm1(x))),
  selu: each((x) => 1.05070098735548 * (x > 0 ? x : 1.67326324235438 * Math.expm1(x))),
  silu: each((x) => x / (1 + Math.exp(-x))),
  tanh: each(Math.tanh),
  sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  softmax,
}

function each(change) {
  return (list) => {
    for (let at = 0; at < list.length; at += 1) list[at] = change(list[at])
    return list
  }
}

function softmax(list) {
  const most = list.reduce((one, other) => Math.max(one, other))
  let sum = 0
  for (let at = 0; at < list.length; at += 1) sum += list[at] = Math.exp(list[at] - most)
  for (let at = 0; at < list.length; at += 1) list[at] /= sum
  return list
}

// A value on its way: `shape` is [height, width, channels] or [numbers]; `list` is Float32Array.
const LAYERS = {
  Flatten: ({ list }) => ({ shape: [list.length], list }),
  Dropout: (x) => x,
  Activation: ({ shape, list }, { activation }) => ({
    shape,
    list: activated(list.slice(), shape, activation),
  }),
  Add: ({ shape, list }, _, __, other) => ({
    shape,
    list: list.map((value, at) => value + other.list[at]),
  }),
  Dense({ list }, { units, activation }, [kernel, bias]) {
    const found = new Float32Array(units)
    if (bias) found.set(bias)
    list.forEach((value, at) => {
      if (!value) return
      for (let unit = 0; unit < units; unit += 1) found[unit] += value * kernel[at * units + unit]
    })
    return { shape: [units], list: activated(found, [units], activation) }
  },
  Conv2D(x, options, weights) {
    const bias = options.use_bias === false ? undefined : weights[1]
    return convolved(x, options, weights[0], bias)
  },
  DepthwiseConv2D(x, options, weights) {
    const bias = options.use_bias === false ? undefined : weights[1]
    return channelwise(x, options, weights[0], bias)
  },
  SeparableConv2D(x, options, [depthwise, pointwise, bias]) {
    const apart = channelwise(x, { ...options, activation: "linear" }, depthwise)
    const mixing = { ...options, kernel_size: 1, strides: 1, padding: "valid" }
    return convolved(apart, mixing, pointwise, options.use_bias === false ? undefined : bias)
  },
  // Inference uses the running statistics: a scale and a shift for each channel.
  BatchNormalization({ shape, list }, { epsilon }, [gamma, beta, mean, variance]) {
    const channels = gamma.length
    const scale = gamma.map((value, at) => value / Math.sqrt(variance[at] + epsilon))
    const found = new Float32Array(list.length)
    for (let at = 0; at < list.length; at += 1) {
      const channel = at % channels
      found[at] = (list[at] - mean[channel]) * scale[channel] + beta[channel]
    }
    return { shape, list: found }
  },
  LayerNormalization({ shape, list }, { epsilon }, [gamma, beta]) {
    const channels = gamma.length
    const found = new Float32Array(list.length)
    for (let start = 0; start < list.length; start += channels) {
      let [mean, variance] = [0, 0]
      for (let at = 0; at < channels; at += 1) mean += list[start + at] / channels
      for (let at = 0; at < channels; at += 1) variance += (list[start + at] - mean) ** 2 / channels
      const scale = 1 / Math.sqrt(variance + epsilon)
      for (let at = 0; at < channels; at += 1) {
        found[start + at] = (list[start + at] - mean) * scale * gamma[at] + beta[at]
      }
    }
    return { shape, list: found }
  },
  MaxPooling2D: (x, { pool_size }) => pooled(x, pool_size, (values) => Math.max(...values)),
  AveragePooling2D: (x, { pool_size }) =>
    pooled(x, pool_size, (values) => values.reduce((one, other) => one + other) / values.length),
  GlobalAveragePooling2D: (x) => whole(x, (sum, value, count) => sum + value / count, 0),
  GlobalMaxPooling2D: (x) =>
    whole(x, (most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
}

function activated(list, shape, name) {
  if (name !== "softmax") return ACTIVATIONS[name](list)
  const channels = shape.at(-1)
  for (let at = 0; at < list.length; at += channels) softmax(list.subarray(at, at + channels))
  return list
}

// Where a window begins, and how many there are: [before, count].
function windows(length, size, strides, padding) {
  if (padding === "valid") return [0, Math.floor((length - size) / strides) + 1]
  const count = Math.ceil(length / strides)
  return [Math.floor(Math.max(0, (count - 1) * strides + size - length) / 2), count]
}

// Calls `visit(place in the result, place in the image, place in the kernel)`, all without channels.
function slide([height, width], { kernel_size, strides = 1, padding = "valid" }, visit) {
  const [above, rows] = windows(height, kernel_size, strides, padding)
  const [before, columns] = windows(width, kernel_size, strides, padding)
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      for (let down = 0; down < kernel_size; down += 1) {
        const y = row * strides + down - above
        if (y < 0 || y >= height) continue
        for (let right = 0; right < kernel_size; right += 1) {
          const x = column * strides + right - before
          if (x < 0 || x >= width) continue
          visit(row * columns + column, y * width + x, down * kernel_size + right)
        }
      }
    }
  }
  return [rows, columns]
}

function sized([height, width], { kernel_size, strides = 1, padding = "valid" }) {
  return (
    windows(height, kernel_size, strides, padding)[1] *
    windows(width, kernel_size, strides, padding)[1]
  )
}

function convolved({ shape, list }, options, kernel, bias) {
  const [channels, filters] = [shape[2], options.filters]
  const found = new Float32Array(sized(shape, options) * filters)
  if (bias) for (let at = 0; at < found.length; at += filters) found.set(bias, at)
  const size = slide(shape, options, (to, from, tap) => {
    const [target, source] = [to * filters, from * channels]
    for (let channel = 0; channel < channels; channel += 1) {
      const value = list[source + channel]
      if (!value) continue
      const start = (tap * channels + channel) * filters
      for (let at = 0; at < filters; at += 1) found[target + at] += value * kernel[start + at]
    }
  })
  const made = [...size, filters]
  return { shape: made, list: activated(found, made, options.activation ?? "linear") }
}

function channelwise({ shape, list }, options, kernel, bias) {
  const channels = shape[2]
  const found = new Float32Array(sized(shape, options) * channels)
  if (bias) for (let at = 0; at < found.length; at += channels) found.set(bias, at)
  const size = slide(shape, options, (to, from, tap) => {
    for (let at = 0; at < channels; at += 1) {
      found[to * channels + at] += list[from * channels + at] * kernel[tap * channels + at]
    }
  })
  const made = [...size, channels]
  return { shape: made, list: activated(found, made, options.activation ?? "linear") }
}

function pooled({ shape, list }, size, reduce) {
  const channels = shape[2]
  const groups = []
  const made = slide(shape, { kernel_size: size, strides: size, padding: "valid" }, (to, from) => {
    groups[to] ??= []
    groups[to].push(from * channels)
  })
  const found = new Float32Array(groups.length * channels)
  groups.forEach((places, to) => {
    for (let at = 0; at < channels; at += 1) {
      found[to * channels + at] = reduce(places.map((place) => list[place + at]))
    }
  })
  return { shape: [...made, channels], list: found }
}

function whole({ shape, list }, reduce, start) {
  const channels = shape[2]
  const found = new Float64Array(channels).fill(start)
  const count = list.length / channels
  for (let at = 0; at < list.length; at += 1) {
    found[at % channels] = reduce(found[at % channels], list[at], count)
  }
  return { shape: [channels], list: Float32Array.from(found) }
}

class Network {
  // `steps` are Keras's layers in their order, `weights` the Float32Array that they share.
  constructor({ steps, logits }, weights) {
    this.steps = steps
    this.logits = logits
    let start = 0
    this.weights = steps.map(({ sizes }) =>
      sizes.map((size) => weights.subarray(start, (start += size))),
    )
  }

  // Ten probabilities for the 784 grey levels of an image, 0 to 255.
  probabilities(image) {
    const list = Float32Array.from(image, (level) => level / 255)
    const values = { x: { shape: [28, 28, 1], list } }
    this.steps.forEach(({ layer, target, inputs, options }, at) => {
      const [first, other] = inputs.map((name) => values[name])
      values[target] = LAYERS[layer](first, options, this.weights[at], other)
    })
    return this.logits ? softmax(values.x.list) : values.x.list
  }
}
