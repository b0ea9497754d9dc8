// What every part of the native half shares: the one stream, the compute policy and the errors.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include "mlx/mlx.h"

namespace postdev {
namespace mx = mlx::core;

// The work was given up because somebody asked for it.
struct Cancelled : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Runtime {
  mx::Stream stream;
  bool gpu;
  // Activations, caches and float weights: fp32 on a CPU, whose half kernels are scalar; bf16 on a GPU.
  mx::Dtype compute;
};

void openRuntime(bool gpu, int threads);
void closeRuntime();
const Runtime& runtime();
std::string describeDevice();
double measureGflops(int n, int rounds);

// What Java holds are numbers of this table and not addresses: a stale one is an error and not a crash.
template <typename T>
class Handles {
 public:
  explicit Handles(const char* kind) : kind_(kind) {}

  int64_t put(std::shared_ptr<T> value) {
    std::lock_guard<std::mutex> lock(mutex_);
    int64_t id = next_++;
    table_.emplace(id, std::move(value));
    return id;
  }

  std::shared_ptr<T> get(int64_t id) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto found = table_.find(id);
    if (found == table_.end()) {
      throw std::invalid_argument(std::string("this ") + kind_ + " is closed or was never opened");
    }
    return found->second;
  }

  void drop(int64_t id) {
    std::shared_ptr<T> last;
    std::lock_guard<std::mutex> lock(mutex_);
    auto found = table_.find(id);
    if (found != table_.end()) {
      last = std::move(found->second);
      table_.erase(found);
    }
  }

  void clear() {
    std::map<int64_t, std::shared_ptr<T>> last;
    std::lock_guard<std::mutex> lock(mutex_);
    last.swap(table_);
  }

  size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return table_.size();
  }

 private:
  const char* kind_;
  mutable std::mutex mutex_;
  std::map<int64_t, std::shared_ptr<T>> table_;
  int64_t next_ = 1;
};
} // namespace postdev
