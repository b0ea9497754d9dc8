#include "weights.h"

#include <sstream>

namespace postdev {
namespace {
const mx::Dtype kTypes[] = {mx::float32, mx::float16, mx::bfloat16, mx::int32, mx::int64,  mx::uint8,
                            mx::uint32,  mx::bool_,   mx::float64,  mx::int8};

std::string show(const mx::Shape& shape) {
  std::ostringstream text;
  text << '[';
  for (size_t i = 0; i < shape.size(); i++) {
    text << (i ? ", " : "") << shape[i];
  }
  text << ']';
  return text.str();
}
} // namespace

Config::Config(const std::string& lines) {
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    auto at = line.find('=');
    if (at != std::string::npos) {
      values_[line.substr(0, at)] = line.substr(at + 1);
    }
  }
}

const std::string& Config::text(const std::string& key) const {
  auto found = values_.find(key);
  if (found == values_.end()) {
    throw std::invalid_argument("the model's configuration has no " + key);
  }
  return found->second;
}

int Config::integer(const std::string& key) const { return std::stoi(text(key)); }

float Config::real(const std::string& key) const { return std::stof(text(key)); }

bool Config::flag(const std::string& key) const { return text(key) == "true"; }

mx::Dtype dtypeOf(int code) {
  if (code < 0 || code >= static_cast<int>(std::size(kTypes))) {
    throw std::invalid_argument("unknown element type " + std::to_string(code));
  }
  return kTypes[code];
}

int codeOf(mx::Dtype dtype) {
  for (size_t i = 0; i < std::size(kTypes); i++) {
    if (kTypes[i] == dtype) {
      return static_cast<int>(i);
    }
  }
  throw std::invalid_argument("an array has an element type that Java does not know");
}

void* Weights::add(const std::string& name, const mx::Shape& shape, mx::Dtype dtype) {
  size_t count = 1;
  for (auto dim : shape) {
    if (dim <= 0) {
      throw std::invalid_argument("tensor " + name + " has the shape " + show(shape));
    }
    count *= dim;
  }
  mx::allocator::Data data = mx::allocator::malloc(count * mx::size_of(dtype));
  void* address = data.buffer().ptr() ? mx::allocator::Buffer(data.buffer()).raw_ptr() : nullptr;
  if (!address) {
    throw std::bad_alloc();
  }
  if (!tensors_.emplace(name, mx::array(std::move(data), shape, dtype)).second) {
    throw std::invalid_argument("tensor " + name + " is there twice");
  }
  return address;
}

mx::array Weights::takeRaw(const std::string& name) {
  auto found = tensors_.find(name);
  if (found == tensors_.end()) {
    throw std::invalid_argument("tensor " + name + " is missing");
  }
  mx::array value = found->second;
  tensors_.erase(found);
  return value;
}

mx::array Weights::take(const std::string& name, const mx::Shape& shape) {
  mx::array value = takeRaw(name);
  if (!shape.empty() && value.shape() != shape) {
    throw std::invalid_argument(
        "tensor " + name + " has the shape " + show(value.shape()) + "; the configuration asks for " + show(shape));
  }
  const auto& r = runtime();
  if (value.dtype() != r.compute) {
    value = mx::astype(value, r.compute, r.stream);
    value.eval();
  }
  return value;
}

void Weights::requireEmpty() const {
  if (!tensors_.empty()) {
    throw std::invalid_argument(
        "tensor " + tensors_.begin()->first + " and " + std::to_string(tensors_.size() - 1) +
        " more belong to no part of this architecture");
  }
}

Linear::Linear(Weights& weights, const std::string& name, int in, int out)
    : w_(weights.has(name + ".scales") ? weights.takeRaw(name + ".weight") : weights.take(name + ".weight", {out, in})) {
  const auto& r = runtime();
  if (weights.has(name + ".scales")) {
    scales_ = weights.take(name + ".scales", {});
    biases_ = weights.take(name + ".biases", {});
    if (w_.dtype() != mx::uint32 || w_.ndim() != 2 || scales_->ndim() != 2 || w_.shape(0) != out ||
        scales_->shape(0) != out || biases_->shape() != scales_->shape() || in % scales_->shape(1) != 0 ||
        w_.shape(1) * 32 % in != 0) {
      throw std::invalid_argument("tensor " + name + " is not quantised as " + show({out, in}));
    }
    group_ = in / scales_->shape(1);
    bits_ = w_.shape(1) * 32 / in;
    if (!weights.keepQuantised) {
      w_ = mx::dequantize(w_, *scales_, biases_, group_, bits_, "affine", std::nullopt, std::nullopt, r.stream);
      w_.eval();
      scales_.reset();
      biases_.reset();
      bits_ = 0;
    }
  }
  if (!bits_) {
    transposed_ = mx::transpose(w_, {1, 0}, r.stream);
    transposed_->eval();
  }
  if (weights.has(name + ".bias")) {
    bias_ = weights.take(name + ".bias", {out});
  }
}

mx::array Linear::operator()(const mx::array& x) const {
  auto s = runtime().stream;
  mx::array y = bits_ ? mx::quantized_matmul(x, w_, *scales_, biases_, true, group_, bits_, "affine", s)
                      : mx::matmul(x, *transposed_, s);
  return bias_ ? mx::add(y, *bias_, s) : y;
}

mx::array Linear::rows(const mx::array& ids) const {
  auto s = runtime().stream;
  mx::array picked = mx::take(w_, ids, 0, s);
  if (!bits_) {
    return picked;
  }
  return mx::dequantize(picked, mx::take(*scales_, ids, 0, s), mx::take(*biases_, ids, 0, s), group_, bits_, "affine",
                        std::nullopt, std::nullopt, s);
}

void Linear::collect(std::vector<mx::array>& all) const {
  all.push_back(w_);
  for (const auto& extra : {scales_, biases_, bias_}) {
    if (extra) {
      all.push_back(*extra);
    }
  }
}
} // namespace postdev
