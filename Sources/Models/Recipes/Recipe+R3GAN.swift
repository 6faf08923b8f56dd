import Spec

extension Recipe {
  /// Residual bottlenecks and nothing else. Their groups follow from widths, so a spec says them.
  static let r3gan = Recipe(
    "r3gan", "Residual bottlenecks whose last layer begins at zero, no norm at all (after Huang et al. 2024)",
    generator: """
      latent_form: vector
      latent_norm: false
      output: linear
      layers:
        convolution: {initial: kaiming, gain: 0.6557598544543832}
        dense: {initial: kaiming, gain: 0.7071067811865476, bias: false}
        upsample: {mode: fir}
        constant: {scaled: true}
      start:
        - dense
        - constant
        - residual: {main: [{convolution: {kernel: 1, expansion: 2}}, leaky_relu, {convolution: {expansion: 2}}, leaky_relu, {convolution: {kernel: 1, initial: zero, bias: false}}]}
      block:
        - {convolution: {kernel: 1, bias: false, gain: 0.7071067811865476}}
        - upsample
        - residual: {main: [{convolution: {kernel: 1, expansion: 2}}, leaky_relu, {convolution: {expansion: 2}}, leaky_relu, {convolution: {kernel: 1, initial: zero, bias: false}}]}
      to_rgb: [{convolution: {kernel: 1, bias: false, gain: 0.7071067811865476}}]
      """,
    discriminator: """
      layers:
        convolution: {initial: kaiming, gain: 0.6557598544543832}
        dense: {initial: kaiming, gain: 0.7071067811865476, bias: false}
        downsample: {mode: fir}
      from_rgb: [{convolution: {kernel: 1, bias: false, gain: 0.7071067811865476}}]
      block:
        - residual: {main: [{convolution: {kernel: 1, width: in, expansion: 2}}, leaky_relu, {convolution: {width: in, expansion: 2}}, leaky_relu, {convolution: {kernel: 1, width: in, initial: zero, bias: false}}]}
        - downsample
        - {convolution: {kernel: 1, bias: false, gain: 0.7071067811865476}}
      end:
        - residual: {main: [{convolution: {kernel: 1, width: in, expansion: 2}}, leaky_relu, {convolution: {width: in, expansion: 2}}, leaky_relu, {convolution: {kernel: 1, width: in, initial: zero, bias: false}}]}
        - {convolution: {kernel: 4, padding: 0, bias: false, gain: 0.7071067811865476}}
      head: [dense]
      """)
}
