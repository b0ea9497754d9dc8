// The Linux wheel of MLX is linked to the reference BLAS, which is up to 18 times too slow. This library is loaded
// first, so the three symbols that MLX's matmul asks for bind to these, which forward to OpenBLAS. A product with few
// rows goes to gemv: OpenBLAS' gemm would spend its time packing the weights.
#include <cstddef>

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
} // namespace

extern "C" {
__attribute__((visibility("default"))) void cblas_sgemm(
    int order, int transA, int transB, int m, int n, int k, float alpha, const float* a, int lda, const float* b,
    int ldb, float beta, float* c, int ldc) {
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
