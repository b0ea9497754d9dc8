#include "runtime.h"

#include <chrono>
#include <optional>
#include <sstream>

#ifdef POSTDEVAI_OPENBLAS
extern "C" void scipy_openblas_set_num_threads(int);
#endif

namespace postdev {
namespace {
std::optional<Runtime> current;

// A stream has a thread of its own that lives as long as the process, so it is made once for each device.
mx::Stream streamOf(bool gpu) {
  static std::optional<mx::Stream> streams[2];
  if (!streams[gpu]) {
    streams[gpu] = mx::new_thread_unsafe_stream(mx::Device(gpu ? mx::Device::gpu : mx::Device::cpu));
  }
  return *streams[gpu];
}
} // namespace

void openRuntime(bool gpu, int threads) {
  if (current) {
    throw std::runtime_error("the MLX runtime of this process is open already");
  }
  mx::Device device(gpu ? mx::Device::gpu : mx::Device::cpu);
  if (!mx::is_available(device)) {
    throw std::runtime_error(gpu ? "this build of MLX sees no GPU" : "this build of MLX has no CPU backend");
  }
  mx::set_default_device(device);
  if (!gpu) {
    // On a CPU mx.compile would run g++ at run time and write to a shared folder, for no gain.
    mx::disable_compile();
#ifdef POSTDEVAI_OPENBLAS
    scipy_openblas_set_num_threads(threads);
#endif
  }
  current.emplace(Runtime{streamOf(gpu), gpu, gpu ? mx::bfloat16 : mx::float32});
}

void closeRuntime() {
  if (current) {
    mx::synchronize(current->stream);
    current.reset();
    mx::clear_cache();
  }
}

const Runtime& runtime() {
  if (!current) {
    throw std::runtime_error("the MLX runtime is not open");
  }
  return *current;
}

std::string describeDevice() {
  std::ostringstream text;
  for (const auto& [key, value] : mx::device_info(runtime().stream.device)) {
    text << key << '=';
    std::visit([&](const auto& v) { text << v; }, value);
    text << '\n';
  }
  return text.str();
}

double measureGflops(int n, int rounds) {
  auto s = runtime().stream;
  auto a = mx::full({n, n}, 0.5f, runtime().compute, s);
  auto b = mx::full({n, n}, 0.25f, runtime().compute, s);
  mx::eval({a, b});
  auto warm = mx::matmul(a, b, s);
  mx::eval(warm);
  double best = 0;
  for (int i = 0; i < rounds; i++) {
    auto start = std::chrono::steady_clock::now();
    auto c = mx::matmul(a, b, s);
    mx::eval(c);
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    best = std::max(best, 2.0 * n * n * n / took.count() / 1e9);
  }
  return best;
}
} // namespace postdev
