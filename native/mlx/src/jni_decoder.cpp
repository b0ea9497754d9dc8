#include <cstring>

#include "decoder.h"
#include "encoder.h"
#include "jni_support.h"
#include "sampler.h"

namespace postdev {
extern Handles<mx::array> arrays;
void dropHandles();
}

using namespace postdev;

namespace {
Handles<Weights> weightTables("table of weights");
Handles<Decoder> decoders("model");
Handles<Encoder> encoders("encoder");
Handles<Session> sessions("session");

// The layout of one row of `params`; Native.java holds the same.
enum Param { kTemperature, kTopK, kTopP, kMinP, kPenalty, kWindow, kSample, kLogits, kParams };
} // namespace

// What nobody closed goes with the runtime; its numbers are never given again.
void postdev::dropHandles() {
  sessions.clear();
  encoders.clear();
  decoders.clear();
  weightTables.clear();
  arrays.clear();
}

MLX_JNI(jlong, weightsNew)(JNIEnv* env, jclass) {
  return guard(env, [&] { return weightTables.put(std::make_shared<Weights>()); });
}

MLX_JNI(jlong, weightsAdd)(JNIEnv* env, jclass, jlong weights, jstring name, jint dtype, jlongArray shape) {
  return guard(env, [&] {
    return reinterpret_cast<jlong>(
        weightTables.get(weights)->add(textOf(env, name), shapeOf(env, shape), dtypeOf(dtype)));
  });
}

MLX_JNI(void, weightsFree)(JNIEnv* env, jclass, jlong weights) {
  guard(env, [&] { weightTables.drop(weights); });
}

MLX_JNI(jlong, decoderNew)(JNIEnv* env, jclass, jstring config, jlong weights) {
  return guard(env, [&] {
    auto table = weightTables.get(weights);
    Config lines(textOf(env, config));
    table->keepQuantised = lines.flag("keep_quantised");
    return decoders.put(std::make_shared<Decoder>(DecoderConfig(lines), *table));
  });
}

MLX_JNI(jlong, decoderBytes)(JNIEnv* env, jclass, jlong model) {
  return guard(env, [&] { return static_cast<jlong>(decoders.get(model)->bytes()); });
}

MLX_JNI(void, decoderFree)(JNIEnv* env, jclass, jlong model) {
  guard(env, [&] {
    decoders.drop(model);
    mx::clear_cache();
  });
}

MLX_JNI(jlong, sessionNew)(JNIEnv* env, jclass, jlong model, jint limit) {
  return guard(env, [&] { return sessions.put(std::make_shared<Session>(decoders.get(model), limit)); });
}

MLX_JNI(jlong, sessionFork)(JNIEnv* env, jclass, jlong session) {
  return guard(env, [&] { return sessions.put(sessions.get(session)->fork()); });
}

MLX_JNI(void, sessionTrim)(JNIEnv* env, jclass, jlong session, jint length) {
  guard(env, [&] { sessions.get(session)->trim(length); });
}

// What a session is: [tokens, bytes it holds, bytes it is saved in].
MLX_JNI(jlongArray, sessionFacts)(JNIEnv* env, jclass, jlong session) {
  return guard(env, [&] {
    auto s = sessions.get(session);
    jlong facts[] = {s->length(), static_cast<jlong>(s->bytes()), static_cast<jlong>(s->stateBytes())};
    jlongArray array = env->NewLongArray(3);
    if (array) {
      env->SetLongArrayRegion(array, 0, 3, facts);
    }
    return array;
  });
}

MLX_JNI(void, sessionSave)(JNIEnv* env, jclass, jlong session, jlong address) {
  guard(env, [&] { sessions.get(session)->save(reinterpret_cast<uint8_t*>(address)); });
}

MLX_JNI(void, sessionRestore)(JNIEnv* env, jclass, jlong session, jlong address, jlong bytes) {
  guard(env, [&] { sessions.get(session)->restore(reinterpret_cast<const uint8_t*>(address), bytes); });
}

// The only call that may come from any thread.
MLX_JNI(void, sessionCancel)(JNIEnv* env, jclass, jlong session, jboolean on) {
  guard(env, [&] { sessions.get(session)->cancelled = on; });
}

MLX_JNI(void, sessionFree)(JNIEnv* env, jclass, jlong session) {
  guard(env, [&] { sessions.drop(session); });
}

MLX_JNI(jint, liveHandles)(JNIEnv* env, jclass) {
  return static_cast<jint>(weightTables.size() + decoders.size() + encoders.size() + sessions.size() + arrays.size());
}

MLX_JNI(void, step)(JNIEnv* env, jclass, jlongArray ids, jintArray counts, jintArray tokens, jfloatArray params,
                    jlongArray seeds, jobjectArray masks, jint top, jintArray outIds, jfloatArray outLogprobs,
                    jintArray outTopIds, jfloatArray outTopLogprobs, jobjectArray outLogits) {
  guard(env, [&] {
    auto sessionIds = longsOf(env, ids);
    auto each = intsOf(env, counts);
    auto fed = intsOf(env, tokens);
    auto settings = floatsOf(env, params);
    auto seedValues = longsOf(env, seeds);
    size_t n = sessionIds.size();
    if (n == 0) {
      throw std::invalid_argument("a step needs at least one session");
    }
    if (each.size() != n || settings.size() != n * kParams || seedValues.size() != n) {
      throw std::invalid_argument("the arrays of a step do not agree");
    }
    std::vector<std::shared_ptr<Session>> held;
    std::vector<Part> parts;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
      held.push_back(sessions.get(sessionIds[i]));
      if (held[i]->model != held[0]->model) {
        throw std::invalid_argument("the sessions of one step must belong to one model");
      }
      if (each[i] < 0 || at + each[i] > fed.size()) {
        throw std::invalid_argument("the arrays of a step do not agree");
      }
      const float* p = &settings[i * kParams];
      Logits logits = p[kLogits] >= 2 ? Logits::all : p[kLogits] == 1 || p[kSample] != 0 ? Logits::last : Logits::none;
      parts.push_back({held[i].get(), fed.data() + at, each[i], logits});
      at += each[i];
    }
    auto model = held[0]->model;
    std::optional<mx::array> rows = model->forward(parts);
    if (!rows) {
      return;
    }
    int vocab = model->config().vocab;
    float* data = rows->data<float>();
    for (size_t i = 0; i < n; i++) {
      if (parts[i].logits == Logits::none) {
        continue;
      }
      const float* p = &settings[i * kParams];
      size_t count = parts[i].logits == Logits::all ? parts[i].count : 1;
      if (p[kLogits] != 0) {
        jfloatArray copy = floatsTo(env, data, count * vocab);
        env->SetObjectArrayElement(outLogits, static_cast<jsize>(i), copy);
        env->DeleteLocalRef(copy);
      }
      if (p[kSample] != 0) {
        SampleSettings how{p[kTemperature], static_cast<int>(p[kTopK]), p[kTopP], p[kMinP], p[kPenalty],
                           static_cast<int>(p[kWindow])};
        auto mask = static_cast<jlongArray>(env->GetObjectArrayElement(masks, static_cast<jsize>(i)));
        std::vector<jlong> bits = mask ? longsOf(env, mask) : std::vector<jlong>();
        if (bits.empty()) {
          bits.push_back(0);  // A mask without a bit allows nothing; only its absence allows all.
        }
        static_assert(sizeof(jlong) == sizeof(int64_t));
        uint64_t seed = static_cast<uint64_t>(seedValues[i]);
        Sampled drawn = sample(data + (count - 1) * vocab, vocab, how, held[i]->tokens,
                               mask ? reinterpret_cast<const int64_t*>(bits.data()) : nullptr,
                               static_cast<int>(bits.size()), top, seed);
        env->DeleteLocalRef(mask);
        jsize row = static_cast<jsize>(i);
        jint id = drawn.id;
        jlong next = static_cast<jlong>(seed);
        env->SetIntArrayRegion(outIds, row, 1, &id);
        env->SetFloatArrayRegion(outLogprobs, row, 1, &drawn.logprob);
        env->SetLongArrayRegion(seeds, row, 1, &next);
        jsize found = static_cast<jsize>(drawn.topIds.size());
        env->SetIntArrayRegion(outTopIds, row * top, found, drawn.topIds.data());
        env->SetFloatArrayRegion(outTopLogprobs, row * top, found, drawn.topLogprobs.data());
      }
      data += count * vocab;
    }
  });
}

MLX_JNI(jlong, encoderNew)(JNIEnv* env, jclass, jstring config, jlong weights) {
  return guard(env, [&] {
    auto table = weightTables.get(weights);
    Config lines(textOf(env, config));
    table->keepQuantised = lines.flag("keep_quantised");
    return encoders.put(std::make_shared<Encoder>(EncoderConfig(lines), *table));
  });
}

MLX_JNI(void, encoderFree)(JNIEnv* env, jclass, jlong model) {
  guard(env, [&] {
    encoders.drop(model);
    mx::clear_cache();
  });
}

MLX_JNI(jfloatArray, embed)(JNIEnv* env, jclass, jlong model, jintArray ids, jintArray lengths, jint pooling,
                            jboolean normalise) {
  return guard(env, [&] {
    mx::array rows = encoders.get(model)->embed(intsOf(env, ids), intsOf(env, lengths), pooling, normalise);
    return floatsTo(env, rows.data<float>(), rows.size());
  });
}
