// One encoder for BERT and its kin: absolute positions and erf GELU, or rotations and a gated MLP (nomic).
#pragma once

#include <vector>

#include "weights.h"

namespace postdev {

struct EncoderConfig {
  explicit EncoderConfig(const Config& config);
  int layers, hidden, heads, mlp, vocab, maxPositions, types;
  float eps, ropeBase;
  bool rotary, gated;
};

class Encoder {
 public:
  enum Pooling { kMean, kFirst, kLast };
  Encoder(EncoderConfig config, Weights& weights);
  // ids: the texts one after another; one fp32 row of `hidden` numbers for every text.
  mx::array embed(const std::vector<int>& ids, const std::vector<int>& lengths, int pooling, bool normalise);

 private:
  struct Norm {
    Norm(Weights& w, const std::string& name, int size);
    mx::array weight, bias;
  };
  struct Layer {
    Layer(const EncoderConfig& c, Weights& w, const std::string& prefix);
    std::vector<Linear> qkv, up;
    Linear o, down;
    Norm attnNorm, mlpNorm;
  };
  mx::array norm(const mx::array& x, const Norm& n) const;
  mx::array layer(const Layer& l, const mx::array& x, const mx::array& mask, int texts, int width) const;

  EncoderConfig config_;
  std::optional<Linear> words_;
  std::optional<mx::array> positions_, types_;
  std::optional<Norm> embedNorm_;
  std::vector<Layer> layers_;
};
} // namespace postdev
