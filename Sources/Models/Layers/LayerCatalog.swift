import Spec

/// Every layer that a spec can name.
package enum LayerCatalog {
  package static let layers = Catalog([
    ConvolutionLayer.self,
    DenseLayer.self,
    UpsampleLayer.self,
    DownsampleLayer.self,
    PixelNorm.self,
    LayerNorm.self,
    LeakyReLU.self,
    ReLULayer.self,
    SwishLayer.self,
    TanhLayer.self,
    GLULayer.self,
    MinibatchDeviation.self,
    SelfAttention.self,
    ResidualLayer.self,
  ])
}
