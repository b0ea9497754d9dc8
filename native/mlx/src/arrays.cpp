// Single arrays and the operations on them, for the DJL engine. Everything is lazy until an array is read.
#include <cstring>
#include <functional>
#include <numeric>
#include <unordered_map>

#include "jni_support.h"
#include "weights.h"

using namespace postdev;

namespace {
using Arrays = std::vector<mx::array>;

struct Call {
  const Arrays& in;
  const std::vector<jlong>& ints;
  const std::vector<jdouble>& reals;
  mx::Stream s;

  const mx::array& a(size_t i) const {
    if (i >= in.size()) {
      throw std::invalid_argument("the operation needs more arrays");
    }
    return in[i];
  }
  int number(size_t i) const { return static_cast<int>(ints.at(i)); }
  std::vector<int> numbers(size_t from = 0) const { return std::vector<int>(ints.begin() + from, ints.end()); }
  mx::Shape shape(size_t from = 0, size_t to = SIZE_MAX) const {
    mx::Shape result;
    for (size_t i = from; i < std::min(to, ints.size()); i++) {
      result.push_back(static_cast<int>(ints[i]));
    }
    return result;
  }
};

using Operation = std::function<Arrays(const Call&)>;

Operation unary(mx::array (*f)(const mx::array&, mx::StreamOrDevice)) {
  return [f](const Call& c) { return Arrays{f(c.a(0), c.s)}; };
}

Operation binary(mx::array (*f)(const mx::array&, const mx::array&, mx::StreamOrDevice)) {
  return [f](const Call& c) { return Arrays{f(c.a(0), c.a(1), c.s)}; };
}

// ints: whether to keep the dimensions, then the axes; no axes mean all.
Operation reduce(mx::array (*f)(const mx::array&, const std::vector<int>&, bool, mx::StreamOrDevice)) {
  return [f](const Call& c) {
    std::vector<int> axes = c.numbers(1);
    if (axes.empty()) {
      axes.resize(c.a(0).ndim());
      std::iota(axes.begin(), axes.end(), 0);
    }
    return Arrays{axes.empty() ? c.a(0) : f(c.a(0), axes, c.number(0) != 0, c.s)};
  };
}

Arrays argument(const Call& c, bool most) {
  bool flat = c.ints.empty();
  mx::array x = flat ? mx::reshape(c.a(0), {-1}, c.s) : c.a(0);
  int axis = flat ? 0 : c.number(0);
  mx::array found = most ? mx::argmax(x, axis, false, c.s) : mx::argmin(x, axis, false, c.s);
  return {mx::astype(found, mx::int64, c.s)};
}

const std::unordered_map<std::string, Operation>& operations() {
  static const std::unordered_map<std::string, Operation> table = {
      {"neg", unary(mx::negative)},
      {"abs", unary(mx::abs)},
      {"sign", unary(mx::sign)},
      {"square", unary(mx::square)},
      {"sqrt", unary(mx::sqrt)},
      {"exp", unary(mx::exp)},
      {"log", unary(mx::log)},
      {"sin", unary(mx::sin)},
      {"cos", unary(mx::cos)},
      {"tanh", unary(mx::tanh)},
      {"erf", unary(mx::erf)},
      {"sigmoid", unary(mx::sigmoid)},
      {"floor", unary(mx::floor)},
      {"ceil", unary(mx::ceil)},
      {"isnan", unary(mx::isnan)},
      {"not", unary(mx::logical_not)},
      {"add", binary(mx::add)},
      {"sub", binary(mx::subtract)},
      {"mul", binary(mx::multiply)},
      {"div", binary(mx::divide)},
      {"mod", binary(mx::remainder)},
      {"pow", binary(mx::power)},
      {"maximum", binary(mx::maximum)},
      {"minimum", binary(mx::minimum)},
      {"eq", binary(mx::equal)},
      {"neq", binary(mx::not_equal)},
      {"gt", binary(mx::greater)},
      {"gte", binary(mx::greater_equal)},
      {"lt", binary(mx::less)},
      {"lte", binary(mx::less_equal)},
      {"and", binary(mx::logical_and)},
      {"or", binary(mx::logical_or)},
      {"matmul", binary(mx::matmul)},
      {"sum", reduce(mx::sum)},
      {"mean", reduce(mx::mean)},
      {"max", reduce(mx::max)},
      {"min", reduce(mx::min)},
      {"prod", reduce(mx::prod)},
      {"argmax", [](const Call& c) { return argument(c, true); }},
      {"argmin", [](const Call& c) { return argument(c, false); }},
      {"softmax", [](const Call& c) { return Arrays{mx::softmax(c.a(0), {c.number(0)}, true, c.s)}; }},
      {"logsoftmax",
       [](const Call& c) {
         return Arrays{mx::subtract(c.a(0), mx::logsumexp(c.a(0), c.number(0), true, c.s), c.s)};
       }},
      {"cumsum", [](const Call& c) { return Arrays{mx::cumsum(c.a(0), c.number(0), false, true, c.s)}; }},
      {"cast", [](const Call& c) { return Arrays{mx::astype(c.a(0), dtypeOf(c.number(0)), c.s)}; }},
      {"copy", [](const Call& c) { return Arrays{mx::copy(c.a(0), c.s)}; }},
      {"reshape", [](const Call& c) { return Arrays{mx::reshape(c.a(0), c.shape(), c.s)}; }},
      {"transpose", [](const Call& c) { return Arrays{mx::transpose(c.a(0), c.numbers(), c.s)}; }},
      {"broadcast", [](const Call& c) { return Arrays{mx::broadcast_to(c.a(0), c.shape(), c.s)}; }},
      {"tile", [](const Call& c) { return Arrays{mx::tile(c.a(0), c.numbers(), c.s)}; }},
      {"slice",
       [](const Call& c) {
         size_t n = c.a(0).ndim();
         return Arrays{mx::slice(c.a(0), c.shape(0, n), c.shape(n, 2 * n), c.shape(2 * n, 3 * n), c.s)};
       }},
      {"take", [](const Call& c) { return Arrays{mx::take(c.a(0), c.a(1), c.number(0), c.s)}; }},
      {"where", [](const Call& c) { return Arrays{mx::where(c.a(0), c.a(1), c.a(2), c.s)}; }},
      {"stack", [](const Call& c) { return Arrays{mx::stack(c.in, c.number(0), c.s)}; }},
      {"concat", [](const Call& c) { return Arrays{mx::concatenate(c.in, c.number(0), c.s)}; }},
      {"split", [](const Call& c) { return mx::split(c.a(0), c.shape(1), c.number(0), c.s); }},
      {"clip",
       [](const Call& c) {
         auto bound = [&](int i) { return mx::array(c.reals.at(i), c.a(0).dtype()); };
         return Arrays{mx::clip(c.a(0), bound(0), bound(1), c.s)};
       }},
      // The value of a scalar, in the type of the array it meets.
      {"scalar", [](const Call& c) { return Arrays{mx::array(c.reals.at(0), dtypeOf(c.number(0)))}; }},
      {"full",
       [](const Call& c) {
         auto type = dtypeOf(c.number(0));
         return Arrays{mx::full(c.shape(1), mx::array(c.reals.at(0), type), type, c.s)};
       }},
      {"arange",
       [](const Call& c) {
         return Arrays{mx::arange(c.reals.at(0), c.reals.at(1), c.reals.at(2), dtypeOf(c.number(0)), c.s)};
       }},
  };
  return table;
}
} // namespace

namespace postdev {
// Counted by liveHandles, so it is no secret of this file.
Handles<mx::array> arrays("array");
} // namespace postdev

namespace {
// What Java wants to know about each array: [handle, type, dimensions, sizes...].
jlongArray describe(JNIEnv* env, const Arrays& all) {
  std::vector<jlong> facts;
  for (const mx::array& a : all) {
    facts.push_back(arrays.put(std::make_shared<mx::array>(a)));
    facts.push_back(codeOf(a.dtype()));
    facts.push_back(static_cast<jlong>(a.ndim()));
    for (auto dim : a.shape()) {
      facts.push_back(dim);
    }
  }
  jlongArray result = env->NewLongArray(static_cast<jsize>(facts.size()));
  if (!result) {
    throw JavaThrew();
  }
  env->SetLongArrayRegion(result, 0, static_cast<jsize>(facts.size()), facts.data());
  return result;
}
} // namespace

MLX_JNI(jlongArray, arrayNew)(JNIEnv* env, jclass, jint type, jlongArray shape, jlong address, jlong bytes) {
  return guard(env, [&] {
    mx::Shape dims = shapeOf(env, shape);
    mx::Dtype dtype = dtypeOf(type);
    size_t size = mx::size_of(dtype);
    for (auto dim : dims) {
      size *= dim;
    }
    if (size != static_cast<size_t>(bytes)) {
      throw std::invalid_argument(std::to_string(bytes) + " bytes for an array of " + std::to_string(size));
    }
    mx::allocator::Data data = mx::allocator::malloc(std::max<size_t>(size, 1));
    std::memcpy(mx::allocator::Buffer(data.buffer()).raw_ptr(), reinterpret_cast<void*>(address), size);
    return describe(env, {mx::array(std::move(data), dims, dtype)});
  });
}

MLX_JNI(void, arrayRead)(JNIEnv* env, jclass, jlong id, jlong address, jlong bytes) {
  guard(env, [&] {
    auto held = arrays.get(id);
    mx::array a = mx::contiguous(*held, false, runtime().stream);
    mx::eval({a, *held});
    if (a.nbytes() != static_cast<size_t>(bytes)) {
      throw std::invalid_argument("the array has " + std::to_string(a.nbytes()) + " bytes");
    }
    std::memcpy(reinterpret_cast<void*>(address), a.data<uint8_t>(), a.nbytes());
  });
}

MLX_JNI(void, arrayFree)(JNIEnv* env, jclass, jlong id) {
  guard(env, [&] { arrays.drop(id); });
}

MLX_JNI(jlongArray, arrayOp)(JNIEnv* env, jclass, jstring name, jlongArray ids, jlongArray ints, jdoubleArray reals) {
  return guard(env, [&] {
    auto found = operations().find(textOf(env, name));
    if (found == operations().end()) {
      throw std::invalid_argument("MLX is not asked for the operation " + textOf(env, name) + " here");
    }
    Arrays in;
    for (jlong id : longsOf(env, ids)) {
      in.push_back(*arrays.get(id));
    }
    std::vector<jdouble> values(env->GetArrayLength(reals));
    env->GetDoubleArrayRegion(reals, 0, static_cast<jsize>(values.size()), values.data());
    std::vector<jlong> numbers = longsOf(env, ints);
    return describe(env, found->second(Call{in, numbers, values, runtime().stream}));
  });
}
