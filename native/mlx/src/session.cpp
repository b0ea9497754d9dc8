#include <cstring>

#include "decoder.h"

namespace postdev {
namespace {
int blocks(int length) { return (length + LayerCache::kBlock - 1) / LayerCache::kBlock * LayerCache::kBlock; }
} // namespace

mx::array LayerCache::slice(const mx::array& a, int from, int to) const {
  return mx::slice(a, mx::Shape{0, 0, from, 0}, mx::Shape{1, a.shape(1), to, a.shape(3)}, runtime().stream);
}

void LayerCache::append(const mx::array& k, const mx::array& v, int length) {
  auto s = runtime().stream;
  int total = length + k.shape(2);
  int capacity = k_ ? k_->shape(2) : 0;
  if (total > capacity) {
    auto grown = [&](const std::optional<mx::array>& old, const mx::array& like) {
      mx::array room = mx::zeros(mx::Shape{1, like.shape(1), blocks(total) - length, like.shape(3)}, like.dtype(), s);
      return length == 0 ? room : mx::concatenate({slice(*old, 0, length), room}, 2, s);
    };
    k_ = grown(k_, k);
    v_ = grown(v_, v);
  }
  auto put = [&](std::optional<mx::array>& cache, const mx::array& update) {
    mx::Shape from{0, 0, length, 0};
    mx::Shape to{1, cache->shape(1), total, cache->shape(3)};
    // The old array goes into the graph and nowhere else, so that MLX may write in place.
    mx::array old = std::move(*cache);
    cache.reset();
    cache = mx::slice_update(old, update, from, to, s);
  };
  put(k_, k);
  put(v_, v);
}

void LayerCache::shrink(int length) {
  if (!k_ || k_->shape(2) <= blocks(length)) {
    return;
  }
  if (length == 0) {
    k_.reset();
    v_.reset();
    return;
  }
  auto s = runtime().stream;
  k_ = mx::contiguous(slice(*k_, 0, blocks(length)), false, s);
  v_ = mx::contiguous(slice(*v_, 0, blocks(length)), false, s);
  mx::eval({*k_, *v_});
}

void LayerCache::restore(mx::array k, mx::array v) {
  k_ = std::move(k);
  v_ = std::move(v);
}

void LayerCache::collect(std::vector<mx::array>& all) const {
  if (k_) {
    all.push_back(*k_);
    all.push_back(*v_);
  }
}

Session::Session(std::shared_ptr<Decoder> decoder, int tokenLimit)
    : model(std::move(decoder)), layers(model->config().layers), limit(tokenLimit) {
  if (limit < 1 || limit > model->config().maxContext) {
    throw std::invalid_argument(
        "a session may hold 1 to " + std::to_string(model->config().maxContext) + " tokens, not " +
        std::to_string(limit));
  }
}

std::shared_ptr<Session> Session::fork() const {
  auto copy = std::make_shared<Session>(model, limit);
  copy->broken = broken;
  copy->layers = layers;
  copy->tokens = tokens;
  return copy;
}

void Session::trim(int length) {
  if (length < 0 || length > this->length()) {
    throw std::invalid_argument(
        "cannot trim to " + std::to_string(length) + ": the session holds " + std::to_string(this->length()));
  }
  tokens.resize(length);
  for (LayerCache& layer : layers) {
    layer.shrink(length);
  }
}

size_t Session::bytes() const {
  size_t sum = 0;
  for (const LayerCache& layer : layers) {
    sum += layer.bytes();
  }
  return sum;
}

size_t Session::stateBytes() const {
  const auto& c = model->config();
  size_t layer = 2ull * c.kvHeads * c.headDim * length() * mx::size_of(runtime().compute);
  return sizeof(int) * tokens.size() + layer * c.layers;
}

void Session::save(uint8_t* to) const {
  if (tokens.empty()) {
    return;
  }
  auto s = runtime().stream;
  std::memcpy(to, tokens.data(), sizeof(int) * tokens.size());
  to += sizeof(int) * tokens.size();
  for (const LayerCache& layer : layers) {
    for (mx::array part : {layer.keys(0, length()), layer.values(0, length())}) {
      part = mx::contiguous(part, false, s);
      part.eval();
      std::memcpy(to, part.data<uint8_t>(), part.nbytes());
      to += part.nbytes();
    }
  }
}

void Session::restore(const uint8_t* from, size_t bytes) {
  const auto& c = model->config();
  auto type = runtime().compute;
  size_t perToken = sizeof(int) + 2ull * c.kvHeads * c.headDim * mx::size_of(type) * c.layers;
  size_t count = bytes / perToken;
  if (bytes % perToken != 0 || count > static_cast<size_t>(limit)) {
    throw std::invalid_argument(
        "a saved state of " + std::to_string(bytes) + " bytes does not fit this model and a session of " +
        std::to_string(limit) + " tokens");
  }
  std::vector<int> ids(count);
  std::memcpy(ids.data(), from, sizeof(int) * count);
  for (int id : ids) {
    if (id < 0 || id >= c.vocab) {
      throw std::invalid_argument("a saved state holds a token outside of the vocabulary");
    }
  }
  from += sizeof(int) * count;
  tokens = std::move(ids);
  layers.assign(c.layers, LayerCache());
  if (count == 0) {
    return;
  }
  mx::Shape shape{1, c.kvHeads, static_cast<int>(count), c.headDim};
  for (LayerCache& layer : layers) {
    auto read = [&]() {
      size_t size = static_cast<size_t>(shape[1]) * shape[2] * shape[3] * mx::size_of(type);
      mx::allocator::Data data = mx::allocator::malloc(size);
      std::memcpy(mx::allocator::Buffer(data.buffer()).raw_ptr(), from, size);
      from += size;
      return mx::array(std::move(data), shape, type);
    };
    mx::array k = read();
    mx::array v = read();
    layer.restore(std::move(k), std::move(v));
  }
}
} // namespace postdev
