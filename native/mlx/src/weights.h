// Named tensors of one model while it loads, and the layers that are built from them.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "runtime.h"

namespace postdev {

// "key=value" lines; every key that is read must be there, so that Java and C++ cannot drift apart unseen.
class Config {
 public:
  explicit Config(const std::string& lines);
  const std::string& text(const std::string& key) const;
  int integer(const std::string& key) const;
  float real(const std::string& key) const;
  bool flag(const std::string& key) const;

 private:
  std::map<std::string, std::string> values_;
};

mx::Dtype dtypeOf(int code);
int codeOf(mx::Dtype dtype);

class Weights {
 public:
  // Whether quantised weights stay as they are; else they become floats when a layer takes them.
  bool keepQuantised = true;
  // Makes room for a tensor and gives the address that its bytes are to be written to before it is used.
  void* add(const std::string& name, const mx::Shape& shape, mx::Dtype dtype);
  bool has(const std::string& name) const { return tensors_.count(name) > 0; }
  // Takes a float tensor of exactly this shape out of the table, in the compute type. An empty shape means any.
  mx::array take(const std::string& name, const mx::Shape& shape);
  // Takes a tensor as it was written.
  mx::array takeRaw(const std::string& name);
  void requireEmpty() const;

 private:
  std::map<std::string, mx::array> tensors_;
};

// y = x W^T + b, with W as floats or in MLX's affine quantisation.
class Linear {
 public:
  Linear(Weights& weights, const std::string& name, int in, int out);
  mx::array operator()(const mx::array& x) const;
  // Rows of W as floats: what an embedding is.
  mx::array rows(const mx::array& ids) const;
  void collect(std::vector<mx::array>& all) const;

 private:
  mx::array w_;
  std::optional<mx::array> transposed_, scales_, biases_, bias_;
  int bits_ = 0;
  int group_ = 0;
};
} // namespace postdev
