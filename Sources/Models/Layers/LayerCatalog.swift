import Spec

/// Every layer that a spec can name.
package enum LayerCatalog {
  package static let layers = Catalog([
    ConvolutionLayer.self,
    UpsampleLayer.self,
    DownsampleLayer.self,
    PixelNorm.self,
    LeakyReLU.self,
    MinibatchDeviation.self,
  ])
}
