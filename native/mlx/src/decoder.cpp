#include "decoder.h"

#include <cmath>

namespace postdev {
namespace {
// Above this many tokens on a CPU each layer is evaluated by itself: little memory for intermediates, quick cancel.
constexpr int kEagerTokens = 16;

void check(const std::vector<Part>& parts, const DecoderConfig& c) {
  if (parts.empty()) {
    throw std::invalid_argument("a step needs at least one session");
  }
  for (size_t i = 0; i < parts.size(); i++) {
    const Part& part = parts[i];
    if (part.session->broken) {
      throw std::runtime_error("an earlier error left this session without its cache; close it and open another");
    }
    if (part.count < 1) {
      throw std::invalid_argument("a step needs at least one token for every session");
    }
    if (part.session->length() + part.count > part.session->limit) {
      throw std::length_error(
          "the session holds " + std::to_string(part.session->length()) + " of at most " +
          std::to_string(part.session->limit) + " tokens; " + std::to_string(part.count) + " more do not fit");
    }
    for (int t = 0; t < part.count; t++) {
      if (part.ids[t] < 0 || part.ids[t] >= c.vocab) {
        throw std::invalid_argument(
            "token " + std::to_string(part.ids[t]) + " is outside of the vocabulary of " + std::to_string(c.vocab));
      }
    }
    for (size_t j = 0; j < i; j++) {
      if (parts[j].session == part.session) {
        throw std::invalid_argument("a session is twice in one step");
      }
    }
  }
}

void checkCancelled(const std::vector<Part>& parts) {
  for (const Part& part : parts) {
    if (part.session->cancelled.load(std::memory_order_relaxed)) {
      throw Cancelled("the step was cancelled");
    }
  }
}
} // namespace

DecoderConfig::DecoderConfig(const Config& c)
    : layers(c.integer("layers")),
      hidden(c.integer("hidden")),
      heads(c.integer("heads")),
      kvHeads(c.integer("kv_heads")),
      headDim(c.integer("head_dim")),
      ropeDims(c.integer("rope_dims")),
      mlp(c.integer("mlp")),
      vocab(c.integer("vocab")),
      window(c.integer("window")),
      globalEvery(c.integer("global_every")),
      maxContext(c.integer("max_context")),
      eps(c.real("eps")),
      ropeBase(c.real("rope_base")),
      ropeBaseLocal(c.real("rope_base_local")),
      ropeScale(c.real("rope_scale")),
      ropeMagnitude(c.real("rope_magnitude")),
      embedScale(c.real("embed_scale")),
      attentionScale(c.real("attention_scale")),
      ropeTraditional(c.flag("rope_traditional")),
      qkNorm(c.flag("qk_norm")),
      postNorms(c.flag("post_norms")),
      gelu(c.flag("gelu")) {}

Decoder::Layer::Layer(const DecoderConfig& c, Weights& w, const std::string& p)
    : attnNorm(w.take(p + "attn_norm.weight", {c.hidden})),
      mlpNorm(w.take(p + "mlp_norm.weight", {c.hidden})),
      o(w, p + "o", c.heads * c.headDim, c.hidden),
      down(w, p + "down", c.mlp, c.hidden) {
  int q = c.heads * c.headDim;
  int kv = c.kvHeads * c.headDim;
  if (w.has(p + "qkv.weight")) {
    qkv.emplace_back(w, p + "qkv", c.hidden, q + 2 * kv);
  } else {
    qkv.emplace_back(w, p + "q", c.hidden, q);
    qkv.emplace_back(w, p + "k", c.hidden, kv);
    qkv.emplace_back(w, p + "v", c.hidden, kv);
  }
  if (w.has(p + "gate_up.weight")) {
    gateUp.emplace_back(w, p + "gate_up", c.hidden, 2 * c.mlp);
  } else {
    gateUp.emplace_back(w, p + "gate", c.hidden, c.mlp);
    gateUp.emplace_back(w, p + "up", c.hidden, c.mlp);
  }
  if (c.qkNorm) {
    qNorm = w.take(p + "q_norm.weight", {c.headDim});
    kNorm = w.take(p + "k_norm.weight", {c.headDim});
  }
  if (c.postNorms) {
    attnPostNorm = w.take(p + "attn_post_norm.weight", {c.hidden});
    mlpPostNorm = w.take(p + "mlp_post_norm.weight", {c.hidden});
  }
}

Decoder::Decoder(DecoderConfig config, Weights& w) : config_(std::move(config)) {
  const auto& c = config_;
  embed_.emplace(w, "embed", c.hidden, c.vocab);
  for (int i = 0; i < c.layers; i++) {
    layers_.emplace_back(c, w, "layers." + std::to_string(i) + ".");
  }
  finalNorm_ = w.take("final_norm.weight", {c.hidden});
  if (w.has("head.weight")) {
    head_.emplace(w, "head", c.hidden, c.vocab);
  }
  if (w.has("rope_freqs")) {
    ropeFreqs_ = w.takeRaw("rope_freqs");
    if (ropeFreqs_->shape() != mx::Shape{c.ropeDims / 2} || ropeFreqs_->dtype() != mx::float32) {
      throw std::invalid_argument("rope_freqs must hold one fp32 number for every pair of rotated dimensions");
    }
  }
  w.requireEmpty();
  std::vector<mx::array> all;
  embed_->collect(all);
  if (head_) {
    head_->collect(all);
  }
  for (const Layer& layer : layers_) {
    for (const auto& part : layer.qkv) part.collect(all);
    for (const auto& part : layer.gateUp) part.collect(all);
    layer.o.collect(all);
    layer.down.collect(all);
  }
  for (const auto& a : all) {
    bytes_ += a.nbytes();
  }
}

mx::array Decoder::norm(const mx::array& x, const mx::array& weight) const {
  return mx::fast::rms_norm(x, weight, config_.eps, runtime().stream);
}

mx::array Decoder::rope(const mx::array& x, int index, int offset) const {
  auto s = runtime().stream;
  bool local = config_.sliding(index) && config_.ropeBaseLocal > 0;
  std::optional<float> base = local ? config_.ropeBaseLocal : config_.ropeBase;
  std::optional<mx::array> freqs;
  if (ropeFreqs_ && !local) {
    freqs = ropeFreqs_;
    base.reset();
  }
  mx::array y = mx::fast::rope(x, config_.ropeDims, config_.ropeTraditional, base, local ? 1.0f : config_.ropeScale,
                               offset, freqs, s);
  if (config_.ropeMagnitude != 1.0f) {
    if (config_.ropeDims != config_.headDim) {
      throw std::invalid_argument("a magnitude of rotations needs rotations of whole heads");
    }
    y = mx::multiply(y, mx::array(config_.ropeMagnitude, y.dtype()), s);
  }
  return y;
}

mx::array Decoder::attend(int index, const Part& part, mx::array q, mx::array k, const mx::array& v) {
  auto s = runtime().stream;
  Session& session = *part.session;
  int past = session.length();
  int total = past + part.count;
  LayerCache& cache = session.layers[index];
  q = rope(q, index, past);
  k = rope(k, index, past);
  cache.append(k, v, past);
  int from = config_.sliding(index) ? std::max(0, past - config_.window + 1) : 0;
  mx::array keys = cache.keys(from, total);
  mx::array values = cache.values(from, total);
  std::string mode;
  std::optional<mx::array> mask;
  if (part.count > 1 && config_.sliding(index) && total > config_.window) {
    std::vector<uint8_t> allowed(static_cast<size_t>(part.count) * (total - from));
    for (int row = 0; row < part.count; row++) {
      int at = past + row;
      for (int key = std::max(from, at - config_.window + 1); key <= at; key++) {
        allowed[static_cast<size_t>(row) * (total - from) + key - from] = 1;
      }
    }
    mask = mx::astype(mx::array(allowed.data(), {1, 1, part.count, total - from}, mx::uint8), mx::bool_, s);
  } else if (part.count > 1) {
    mode = "causal";
  }
  return mx::fast::scaled_dot_product_attention(q, keys, values, config_.attentionScale, mode, mask, {}, false, s);
}

mx::array Decoder::attention(const Layer& layer, int index, const mx::array& x, const std::vector<Part>& parts) {
  const auto& c = config_;
  auto s = runtime().stream;
  int rows = x.shape(0);
  std::vector<mx::array> qkv;
  if (layer.qkv.size() == 1) {
    qkv = mx::split(layer.qkv[0](x), mx::Shape{c.heads * c.headDim, (c.heads + c.kvHeads) * c.headDim}, 1, s);
  } else {
    for (const auto& projection : layer.qkv) {
      qkv.push_back(projection(x));
    }
  }
  mx::array q = mx::reshape(qkv[0], {rows, c.heads, c.headDim}, s);
  mx::array k = mx::reshape(qkv[1], {rows, c.kvHeads, c.headDim}, s);
  mx::array v = mx::reshape(qkv[2], {rows, c.kvHeads, c.headDim}, s);
  if (c.qkNorm) {
    q = norm(q, *layer.qNorm);
    k = norm(k, *layer.kNorm);
  }
  auto own = [&](const mx::array& all, int heads, int from, int count) {
    mx::array rowsOfPart = mx::slice(all, mx::Shape{from, 0, 0}, mx::Shape{from + count, heads, c.headDim}, s);
    return mx::expand_dims(mx::transpose(rowsOfPart, {1, 0, 2}, s), 0, s);
  };
  std::vector<mx::array> out;
  int from = 0;
  for (const Part& part : parts) {
    mx::array a = attend(index, part, own(q, c.heads, from, part.count), own(k, c.kvHeads, from, part.count),
                         own(v, c.kvHeads, from, part.count));
    out.push_back(mx::reshape(mx::transpose(a, {0, 2, 1, 3}, s), {part.count, c.heads * c.headDim}, s));
    from += part.count;
  }
  return layer.o(out.size() == 1 ? out[0] : mx::concatenate(out, 0, s));
}

mx::array Decoder::feedForward(const Layer& layer, const mx::array& x) const {
  auto s = runtime().stream;
  std::vector<mx::array> parts;
  if (layer.gateUp.size() == 1) {
    parts = mx::split(layer.gateUp[0](x), 2, 1, s);
  } else {
    parts = {layer.gateUp[0](x), layer.gateUp[1](x)};
  }
  mx::array gate = parts[0];
  if (config_.gelu) {
    auto scalar = [&](float value) { return mx::array(value, gate.dtype()); };
    mx::array cube = mx::multiply(mx::multiply(gate, gate, s), gate, s);
    mx::array inner = mx::multiply(
        scalar(std::sqrt(2.0f / 3.14159265358979f)), mx::add(gate, mx::multiply(scalar(0.044715f), cube, s), s), s);
    gate = mx::multiply(mx::multiply(scalar(0.5f), gate, s), mx::add(scalar(1.0f), mx::tanh(inner, s), s), s);
  } else {
    gate = mx::multiply(gate, mx::sigmoid(gate, s), s);
  }
  return layer.down(mx::multiply(gate, parts[1], s));
}

std::optional<mx::array> Decoder::forward(const std::vector<Part>& parts) {
  check(parts, config_);
  checkCancelled(parts);
  try {
    return run(parts);
  } catch (const Cancelled&) {
    throw; // Between layers, with every cache whole: the session's length never moved.
  } catch (...) {
    for (const Part& part : parts) {
      part.session->broken = true;
    }
    throw;
  }
}

std::optional<mx::array> Decoder::run(const std::vector<Part>& parts) {
  const auto& r = runtime();
  auto s = r.stream;
  std::vector<int> ids;
  std::vector<int> wanted;
  for (const Part& part : parts) {
    int from = static_cast<int>(ids.size());
    ids.insert(ids.end(), part.ids, part.ids + part.count);
    for (int i = part.logits == Logits::all ? 0 : part.count - 1; i < part.count && part.logits != Logits::none; i++) {
      wanted.push_back(from + i);
    }
  }
  int rows = static_cast<int>(ids.size());
  mx::array x = embed_->rows(mx::array(ids.data(), {rows}, mx::int32));
  if (config_.embedScale != 1.0f) {
    x = mx::multiply(x, mx::array(config_.embedScale, x.dtype()), s);
  }
  for (int i = 0; i < config_.layers; i++) {
    const Layer& layer = layers_[i];
    mx::array h = attention(layer, i, norm(x, layer.attnNorm), parts);
    x = mx::add(x, config_.postNorms ? norm(h, *layer.attnPostNorm) : h, s);
    h = feedForward(layer, norm(x, layer.mlpNorm));
    x = mx::add(x, config_.postNorms ? norm(h, *layer.mlpPostNorm) : h, s);
    if (rows > kEagerTokens && !r.gpu) {
      x.eval();
      checkCancelled(parts);
    }
  }
  std::vector<mx::array> results;
  if (!wanted.empty()) {
    if (static_cast<int>(wanted.size()) != rows) {
      x = mx::take(x, mx::array(wanted.data(), {static_cast<int>(wanted.size())}, mx::int32), 0, s);
    }
    x = norm(x, *finalNorm_);
    x = head_ ? (*head_)(x) : (*embed_)(x);
    results.push_back(mx::astype(x, mx::float32, s));
  } else {
    results.push_back(x);
  }
  // The caches too: they must not hold a growing graph of what nobody asked for.
  for (const Part& part : parts) {
    for (const LayerCache& cache : part.session->layers) {
      cache.collect(results);
    }
  }
  mx::eval(results);
  for (const Part& part : parts) {
    part.session->tokens.insert(part.session->tokens.end(), part.ids, part.ids + part.count);
  }
  if (wanted.empty()) {
    return std::nullopt;
  }
  return results[0];
}
} // namespace postdev
