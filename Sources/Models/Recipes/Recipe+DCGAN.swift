import Spec

extension Recipe {
  /// Transposed convolutions up, strided ones down.
  static let dcgan = Recipe(
    "dcgan", "Transposed convolutions up, strided ones down, batch norm in both networks (Radford et al. 2016)",
    generator: """
      latent_form: vector
      latent_norm: false
      output: tanh
      layers:
        convolution: {kernel: 4, stride: 2, transposed: true, bias: false, initial: 0.02}
        batch_norm: {initial: 0.02}
      start: [{convolution: {stride: 1, padding: 0}}, batch_norm, relu]
      block: [convolution, batch_norm, relu]
      to_rgb: [{convolution: {kernel: 3, stride: 1, transposed: false}}]
      """,
    discriminator: """
      layers:
        convolution: {kernel: 4, stride: 2, bias: false, initial: 0.02}
        batch_norm: {initial: 0.02}
      from_rgb: [{convolution: {kernel: 3, stride: 1}}, leaky_relu]
      block: [convolution, batch_norm, leaky_relu]
      end: [{convolution: {kernel: 3, stride: 1}}, batch_norm, leaky_relu]
      head: [{convolution: {stride: 1, padding: 0}}]
      """)
}
