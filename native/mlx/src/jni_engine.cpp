#include "jni_support.h"

namespace postdev {
void dropHandles();
}

using namespace postdev;

MLX_JNI(jstring, version)(JNIEnv* env, jclass) {
  return guard(env, [&] { return env->NewStringUTF(mx::version()); });
}

MLX_JNI(void, open)(JNIEnv* env, jclass, jboolean gpu, jint threads) {
  guard(env, [&] { openRuntime(gpu, threads); });
}

MLX_JNI(void, close)(JNIEnv* env, jclass) {
  guard(env, [&] {
    dropHandles();
    closeRuntime();
  });
}

MLX_JNI(jstring, device)(JNIEnv* env, jclass) {
  return guard(env, [&] { return env->NewStringUTF(describeDevice().c_str()); });
}

MLX_JNI(jboolean, hasGpu)(JNIEnv* env, jclass) {
  return guard(env, [&] { return static_cast<jboolean>(mx::is_available(mx::Device(mx::Device::gpu))); });
}

MLX_JNI(jdouble, gflops)(JNIEnv* env, jclass, jint n, jint rounds) {
  return guard(env, [&] { return measureGflops(n, rounds); });
}

MLX_JNI(jlongArray, memory)(JNIEnv* env, jclass) {
  return guard(env, [&] {
    jlong facts[] = {static_cast<jlong>(mx::get_active_memory()), static_cast<jlong>(mx::get_peak_memory()),
                     static_cast<jlong>(mx::get_cache_memory())};
    jlongArray array = env->NewLongArray(3);
    if (array) {
      env->SetLongArrayRegion(array, 0, 3, facts);
    }
    return array;
  });
}

MLX_JNI(void, trimMemory)(JNIEnv* env, jclass, jlong cacheLimit) {
  guard(env, [&] {
    mx::set_cache_limit(static_cast<size_t>(cacheLimit));
    mx::clear_cache();
    mx::reset_peak_memory();
  });
}
