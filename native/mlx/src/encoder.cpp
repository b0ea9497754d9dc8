#include "encoder.h"

#include <algorithm>
#include <cmath>

namespace postdev {

EncoderConfig::EncoderConfig(const Config& c)
    : layers(c.integer("layers")),
      hidden(c.integer("hidden")),
      heads(c.integer("heads")),
      mlp(c.integer("mlp")),
      vocab(c.integer("vocab")),
      maxPositions(c.integer("max_positions")),
      types(c.integer("types")),
      eps(c.real("eps")),
      ropeBase(c.real("rope_base")),
      rotary(c.flag("rotary")),
      gated(c.flag("gated")) {}

Encoder::Norm::Norm(Weights& w, const std::string& name, int size)
    : weight(w.take(name + ".weight", {size})), bias(w.take(name + ".bias", {size})) {}

Encoder::Layer::Layer(const EncoderConfig& c, Weights& w, const std::string& p)
    : o(w, p + "o", c.hidden, c.hidden),
      down(w, p + "down", c.mlp, c.hidden),
      attnNorm(w, p + "attn_norm", c.hidden),
      mlpNorm(w, p + "mlp_norm", c.hidden) {
  if (w.has(p + "qkv.weight")) {
    qkv.emplace_back(w, p + "qkv", c.hidden, 3 * c.hidden);
  } else {
    for (const char* name : {"q", "k", "v"}) {
      qkv.emplace_back(w, p + name, c.hidden, c.hidden);
    }
  }
  if (c.gated) {
    up.emplace_back(w, p + "gate", c.hidden, c.mlp);
  }
  up.emplace_back(w, p + "up", c.hidden, c.mlp);
}

Encoder::Encoder(EncoderConfig config, Weights& w) : config_(std::move(config)) {
  const auto& c = config_;
  words_.emplace(w, "words", c.hidden, c.vocab);
  if (!c.rotary) {
    positions_ = w.take("positions.weight", {c.maxPositions, c.hidden});
  }
  if (c.types > 0) {
    types_ = w.take("types.weight", {c.types, c.hidden});
  }
  embedNorm_.emplace(w, "embed_norm", c.hidden);
  for (int i = 0; i < c.layers; i++) {
    layers_.emplace_back(c, w, "layers." + std::to_string(i) + ".");
  }
  w.requireEmpty();
}

mx::array Encoder::norm(const mx::array& x, const Norm& n) const {
  return mx::fast::layer_norm(x, n.weight, n.bias, config_.eps, runtime().stream);
}

mx::array Encoder::layer(const Layer& l, const mx::array& x, const mx::array& mask, int texts, int width) const {
  const auto& c = config_;
  auto s = runtime().stream;
  int dim = c.hidden / c.heads;
  std::vector<mx::array> qkv;
  if (l.qkv.size() == 1) {
    qkv = mx::split(l.qkv[0](x), 3, 1, s);
  } else {
    for (const auto& projection : l.qkv) {
      qkv.push_back(projection(x));
    }
  }
  for (int i = 0; i < 3; i++) {
    qkv[i] = mx::transpose(mx::reshape(qkv[i], {texts, width, c.heads, dim}, s), {0, 2, 1, 3}, s);
    if (c.rotary && i < 2) {
      qkv[i] = mx::fast::rope(qkv[i], dim, false, c.ropeBase, 1.0f, 0, std::nullopt, s);
    }
  }
  mx::array a = mx::fast::scaled_dot_product_attention(
      qkv[0], qkv[1], qkv[2], 1.0f / std::sqrt(static_cast<float>(dim)), "", mask, {}, false, s);
  a = mx::reshape(mx::transpose(a, {0, 2, 1, 3}, s), {texts * width, c.hidden}, s);
  mx::array h = norm(mx::add(x, l.o(a), s), l.attnNorm);
  mx::array inner = l.up[0](h);
  if (c.gated) {
    inner = mx::multiply(mx::multiply(inner, mx::sigmoid(inner, s), s), l.up[1](h), s);
  } else {
    auto scalar = [&](float value) { return mx::array(value, inner.dtype()); };
    mx::array bell = mx::add(scalar(1.0f), mx::erf(mx::multiply(inner, scalar(std::sqrt(0.5f)), s), s), s);
    inner = mx::multiply(mx::multiply(inner, bell, s), scalar(0.5f), s);
  }
  return norm(mx::add(h, l.down(inner), s), l.mlpNorm);
}

mx::array Encoder::embed(const std::vector<int>& ids, const std::vector<int>& lengths, int pooling, bool normalise) {
  const auto& c = config_;
  auto s = runtime().stream;
  int texts = static_cast<int>(lengths.size());
  size_t sum = 0;
  int width = 0;
  for (int length : lengths) {
    if (length < 1 || length > c.maxPositions) {
      throw std::invalid_argument("a text of " + std::to_string(length) + " tokens; the model takes 1 to " +
                                  std::to_string(c.maxPositions));
    }
    sum += length;
    width = std::max(width, length);
  }
  if (texts == 0 || sum != ids.size()) {
    throw std::invalid_argument("the lengths of the texts do not add up to their tokens");
  }
  std::vector<int> padded(static_cast<size_t>(texts) * width, 0);
  std::vector<float> blocked(padded.size(), -1e9f);
  std::vector<float> share(padded.size(), 0.0f);
  size_t from = 0;
  for (int t = 0; t < texts; t++) {
    for (int i = 0; i < lengths[t]; i++) {
      int id = ids[from++];
      if (id < 0 || id >= c.vocab) {
        throw std::invalid_argument(
            "token " + std::to_string(id) + " is outside of the vocabulary of " + std::to_string(c.vocab));
      }
      padded[t * width + i] = id;
      blocked[t * width + i] = 0;
    }
    if (pooling == kMean) {
      std::fill_n(share.begin() + t * width, lengths[t], 1.0f / lengths[t]);
    } else {
      share[t * width + (pooling == kFirst ? 0 : lengths[t] - 1)] = 1;
    }
  }
  auto type = runtime().compute;
  mx::array x = mx::reshape(words_->rows(mx::array(padded.data(), {texts * width}, mx::int32)),
                            {texts, width, c.hidden}, s);
  if (positions_) {
    x = mx::add(x, mx::slice(*positions_, mx::Shape{0, 0}, mx::Shape{width, c.hidden}, s), s);
  }
  if (types_) {
    x = mx::add(x, mx::slice(*types_, mx::Shape{0, 0}, mx::Shape{1, c.hidden}, s), s);
  }
  x = norm(mx::reshape(x, {texts * width, c.hidden}, s), *embedNorm_);
  mx::array mask = mx::astype(mx::array(blocked.data(), {texts, 1, 1, width}, mx::float32), type, s);
  for (const Layer& l : layers_) {
    x = layer(l, x, mask, texts, width);
  }
  x = mx::astype(mx::reshape(x, {texts, width, c.hidden}, s), mx::float32, s);
  mx::array weights = mx::array(share.data(), {texts, 1, width}, mx::float32);
  x = mx::reshape(mx::matmul(weights, x, s), {texts, c.hidden}, s);
  if (normalise) {
    mx::array length = mx::sqrt(mx::sum(mx::square(x, s), 1, true, s), s);
    x = mx::divide(x, mx::maximum(length, mx::array(1e-12f), s), s);
  }
  x = mx::contiguous(x, false, s);
  x.eval();
  return x;
}
} // namespace postdev
