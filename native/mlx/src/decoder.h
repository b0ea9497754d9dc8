// One decoder for every family: what differs between them stands in DecoderConfig and in which tensors there are.
#pragma once

#include <atomic>
#include <vector>

#include "weights.h"

namespace postdev {

struct DecoderConfig {
  explicit DecoderConfig(const Config& config);
  int layers, hidden, heads, kvHeads, headDim, ropeDims, mlp, vocab, window, globalEvery, maxContext;
  float eps, ropeBase, ropeBaseLocal, ropeScale, ropeMagnitude, embedScale, attentionScale;
  bool ropeTraditional, qkNorm, postNorms, gelu;
  bool sliding(int layer) const { return window > 0 && (globalEvery == 0 || (layer + 1) % globalEvery != 0); }
};

// Keys and values of one layer, [1, kvHeads, capacity, headDim], grown in blocks. Copies share the arrays: MLX writes
// in place when nobody else holds them and copies otherwise, so a fork costs nothing until one side goes on.
class LayerCache {
 public:
  static constexpr int kBlock = 256;
  void append(const mx::array& k, const mx::array& v, int length);
  void shrink(int length);
  mx::array keys(int from, int to) const { return slice(*k_, from, to); }
  mx::array values(int from, int to) const { return slice(*v_, from, to); }
  void restore(mx::array k, mx::array v);
  void collect(std::vector<mx::array>& all) const;
  size_t bytes() const { return k_ ? k_->nbytes() + v_->nbytes() : 0; }

 private:
  mx::array slice(const mx::array& a, int from, int to) const;
  std::optional<mx::array> k_, v_;
};

class Decoder;

struct Session {
  std::shared_ptr<Decoder> model;
  std::vector<LayerCache> layers;
  // What was fed so far; its size is the position of the next token.
  std::vector<int> tokens;
  int limit;
  std::atomic<bool> cancelled{false};
  // An error in the middle of a step may have lost parts of the cache; only a close helps.
  bool broken = false;

  Session(std::shared_ptr<Decoder> model, int limit);
  int length() const { return static_cast<int>(tokens.size()); }
  std::shared_ptr<Session> fork() const;
  void trim(int length);
  size_t bytes() const;
  size_t stateBytes() const;
  void save(uint8_t* to) const;
  void restore(const uint8_t* from, size_t bytes);
};

enum class Logits { none, last, all };

struct Part {
  Session* session;
  const int* ids;
  int count;
  Logits logits;
};

class Decoder {
 public:
  Decoder(DecoderConfig config, Weights& weights);
  // Feeds every part to its session; the rows of logits that were asked for, in order, as fp32 on the host's side.
  std::optional<mx::array> forward(const std::vector<Part>& parts);
  const DecoderConfig& config() const { return config_; }
  size_t bytes() const { return bytes_; }

 private:
  struct Layer {
    mx::array attnNorm, mlpNorm;
    std::optional<mx::array> qNorm, kNorm, attnPostNorm, mlpPostNorm;
    std::vector<Linear> qkv, gateUp;
    Linear o, down;
    Layer(const DecoderConfig& c, Weights& w, const std::string& prefix);
  };
  std::optional<mx::array> run(const std::vector<Part>& parts);
  mx::array attention(const Layer& layer, int index, const mx::array& x, const std::vector<Part>& parts);
  mx::array attend(int index, const Part& part, mx::array q, mx::array k, const mx::array& v);
  mx::array rope(const mx::array& x, int index, int offset) const;
  mx::array feedForward(const Layer& layer, const mx::array& x) const;
  mx::array norm(const mx::array& x, const mx::array& weight) const;

  DecoderConfig config_;
  std::optional<Linear> embed_, head_;
  std::optional<mx::array> finalNorm_, ropeFreqs_;
  std::vector<Layer> layers_;
  size_t bytes_ = 0;
};
} // namespace postdev
