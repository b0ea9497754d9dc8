// What every JNI function needs: no C++ exception may leave it, and arrays of Java are copied in and out.
#pragma once

#include <jni.h>

#include <string>
#include <vector>

#include "runtime.h"

#define MLX_JNI(type, name) extern "C" JNIEXPORT type JNICALL Java_ai_postdev_mlx_Native_##name

namespace postdev {

inline void raise(JNIEnv* env, const char* kind, const std::string& text) {
  if (env->ExceptionCheck()) {
    return;
  }
  jclass type = env->FindClass(kind);
  if (type) {
    env->ThrowNew(type, text.c_str());
  }
}

// A pending Java exception that is on its way already.
struct JavaThrew {};

template <typename F>
auto guard(JNIEnv* env, F&& body) -> decltype(body()) {
  using Result = decltype(body());
  try {
    return body();
  } catch (const JavaThrew&) {
  } catch (const Cancelled& e) {
    raise(env, "ai/postdev/mlx/MlxCancelledException", e.what());
  } catch (const std::bad_alloc&) {
    raise(env, "ai/postdev/mlx/MlxException", "MLX could not get the memory it needs");
  } catch (const std::exception& e) {
    raise(env, "ai/postdev/mlx/MlxException", e.what());
  } catch (...) {
    raise(env, "ai/postdev/mlx/MlxException", "MLX failed without saying why");
  }
  if constexpr (!std::is_void_v<Result>) {
    return Result{};
  }
}

inline std::string textOf(JNIEnv* env, jstring text) {
  const char* chars = env->GetStringUTFChars(text, nullptr);
  if (!chars) {
    throw JavaThrew();
  }
  std::string copy(chars);
  env->ReleaseStringUTFChars(text, chars);
  return copy;
}

inline std::vector<jint> intsOf(JNIEnv* env, jintArray array) {
  std::vector<jint> copy(env->GetArrayLength(array));
  env->GetIntArrayRegion(array, 0, static_cast<jsize>(copy.size()), copy.data());
  return copy;
}

inline std::vector<jlong> longsOf(JNIEnv* env, jlongArray array) {
  std::vector<jlong> copy(env->GetArrayLength(array));
  env->GetLongArrayRegion(array, 0, static_cast<jsize>(copy.size()), copy.data());
  return copy;
}

inline std::vector<jfloat> floatsOf(JNIEnv* env, jfloatArray array) {
  std::vector<jfloat> copy(env->GetArrayLength(array));
  env->GetFloatArrayRegion(array, 0, static_cast<jsize>(copy.size()), copy.data());
  return copy;
}

inline mx::Shape shapeOf(JNIEnv* env, jlongArray array) {
  mx::Shape shape;
  for (jlong dim : longsOf(env, array)) {
    if (dim < 0 || dim > INT32_MAX) {
      throw std::invalid_argument("a dimension of " + std::to_string(dim) + " is beyond what MLX can hold");
    }
    shape.push_back(static_cast<int>(dim));
  }
  return shape;
}

inline jfloatArray floatsTo(JNIEnv* env, const float* data, size_t count) {
  if (count > INT32_MAX) {
    throw std::length_error("an answer of " + std::to_string(count) + " numbers is more than one array holds");
  }
  jfloatArray array = env->NewFloatArray(static_cast<jsize>(count));
  if (!array) {
    throw JavaThrew();
  }
  env->SetFloatArrayRegion(array, 0, static_cast<jsize>(count), data);
  return array;
}
} // namespace postdev
