// The Linux wheel of MLX is linked to the reference BLAS, which is up to 18 times too slow. This library is loaded
// first, so the three symbols that MLX's matmul asks for bind to these, which forward to OpenBLAS. A product with few
// rows does not: OpenBLAS' gemm would spend its time packing the weights. One row goes to gemv; a few, which is what a
// step of several answers is, go through the weights once here, each pair of their rows against all of ours.
#include <cstddef>
#include <cstring>

extern "C" {
void scipy_cblas_sgemm(int, int, int, int, int, int, float, const float*, int, const float*, int, float, float*, int);
void scipy_cblas_dgemm(int, int, int, int, int, int, double, const double*, int, const double*, int, double, double*, int);
void scipy_cblas_cgemm(
    int, int, int, int, int, int, const void*, const void*, int, const void*, int, const void*, void*, int);
void scipy_cblas_sgemv(int, int, int, int, float, const float*, int, const float*, int, float, float*, int);
}

namespace {
constexpr int kRowMajor = 101;
constexpr int kNoTrans = 111;
constexpr int kTrans = 112;
// Two products by gemv cost 58 ms where gemm takes 77 (262,144 x 640); three cost as much.
constexpr int kMaxGemvRows = 2;
// Up to so many rows the weights are gone through here; beyond, gemm's packing is worth its while.
constexpr int kMaxStreamRows = 8;
// Rows whose sums are held in registers at once.
constexpr int kGroup = 5;

typedef float Lanes __attribute__((vector_size(32)));
constexpr int kLanes = 8;

inline __attribute__((always_inline)) void load(Lanes& to, const float* from) { std::memcpy(&to, from, sizeof(Lanes)); }

inline __attribute__((always_inline)) float total(const Lanes& sums) {
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

// Rows of a against one or two rows of b.
template <int R, int W>
inline __attribute__((always_inline)) void dots(
    int k, const float* a, int lda, const float* b, int ldb, float alpha, float beta, float* c, int ldc) {
  Lanes sums[W][R] = {};
  int i = 0;
  for (; i + kLanes <= k; i += kLanes) {
    Lanes weights[W];
    for (int w = 0; w < W; w++) {
      load(weights[w], b + static_cast<std::size_t>(w) * ldb + i);
    }
    for (int r = 0; r < R; r++) {
      Lanes x;
      load(x, a + static_cast<std::size_t>(r) * lda + i);
      for (int w = 0; w < W; w++) {
        sums[w][r] += x * weights[w];
      }
    }
  }
  for (int r = 0; r < R; r++) {
    for (int w = 0; w < W; w++) {
      float sum = total(sums[w][r]);
      for (int rest = i; rest < k; rest++) {
        sum += a[static_cast<std::size_t>(r) * lda + rest] * b[static_cast<std::size_t>(w) * ldb + rest];
      }
      float& to = c[static_cast<std::size_t>(r) * ldc + w];
      to = alpha * sum + (beta == 0 ? 0 : beta * to);
    }
  }
}

template <int W>
inline __attribute__((always_inline)) void rows(
    int m, int k, const float* a, int lda, const float* b, int ldb, float alpha, float beta, float* c, int ldc) {
  while (m > 0) {
    int now = m > kGroup ? (m + 1) / 2 : m;
    switch (now) {
      case 1: dots<1, W>(k, a, lda, b, ldb, alpha, beta, c, ldc); break;
      case 2: dots<2, W>(k, a, lda, b, ldb, alpha, beta, c, ldc); break;
      case 3: dots<3, W>(k, a, lda, b, ldb, alpha, beta, c, ldc); break;
      case 4: dots<4, W>(k, a, lda, b, ldb, alpha, beta, c, ldc); break;
      default: dots<5, W>(k, a, lda, b, ldb, alpha, beta, c, ldc); now = 5; break;
    }
    a += static_cast<std::size_t>(now) * lda;
    c += static_cast<std::size_t>(now) * ldc;
    m -= now;
  }
}

// c = alpha * a * transposed(b) + beta * c, with few rows in a.
#if defined(__x86_64__)
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
void stream(int m, int n, int k, float alpha, const float* a, int lda, const float* b, int ldb, float beta, float* c,
            int ldc) {
  int column = 0;
  for (; column + 2 <= n; column += 2) {
    rows<2>(m, k, a, lda, b + static_cast<std::size_t>(column) * ldb, ldb, alpha, beta, c + column, ldc);
  }
  if (column < n) {
    rows<1>(m, k, a, lda, b + static_cast<std::size_t>(column) * ldb, ldb, alpha, beta, c + column, ldc);
  }
}
} // namespace

extern "C" {
__attribute__((visibility("default"))) void cblas_sgemm(
    int order, int transA, int transB, int m, int n, int k, float alpha, const float* a, int lda, const float* b,
    int ldb, float beta, float* c, int ldc) {
  if (order == kRowMajor && transA == kNoTrans && transB == kTrans && m > 1 && m <= kMaxStreamRows) {
    stream(m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    return;
  }
  if (order == kRowMajor && transA == kNoTrans && m <= kMaxGemvRows && n > 1 && k > 1) {
    for (int row = 0; row < m; row++) {
      const float* x = a + static_cast<std::size_t>(row) * lda;
      float* y = c + static_cast<std::size_t>(row) * ldc;
      if (transB == kNoTrans) {
        scipy_cblas_sgemv(kRowMajor, kTrans, k, n, alpha, b, ldb, x, 1, beta, y, 1);
      } else {
        scipy_cblas_sgemv(kRowMajor, kNoTrans, n, k, alpha, b, ldb, x, 1, beta, y, 1);
      }
    }
    return;
  }
  scipy_cblas_sgemm(order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

__attribute__((visibility("default"))) void cblas_dgemm(
    int order, int transA, int transB, int m, int n, int k, double alpha, const double* a, int lda, const double* b,
    int ldb, double beta, double* c, int ldc) {
  scipy_cblas_dgemm(order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

__attribute__((visibility("default"))) void cblas_cgemm(
    int order, int transA, int transB, int m, int n, int k, const void* alpha, const void* a, int lda, const void* b,
    int ldb, const void* beta, void* c, int ldc) {
  scipy_cblas_cgemm(order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
}
