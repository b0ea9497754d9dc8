#include <vector>

namespace geo {
namespace detail { int hidden(); }

template <typename T>
class Shape : public Base {
 public:
  Shape(int x);
  virtual ~Shape();
  int area() const { return 1; }
  bool operator==(const Shape& o) const;
 private:
  std::vector<T> points_;
  static const int kMax = 3;
  struct Part { int n; };
};

template <typename T>
int Shape<T>::area2() const {
  return 2;
}

Shape::~Shape() {}

enum class Kind { A, B };

using Ids = std::vector<int>;

const int& ref(const Shape& s) { return s.x; }
}  // namespace geo

int main() { return 0; }
