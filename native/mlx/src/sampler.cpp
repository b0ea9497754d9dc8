#include "sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <unordered_set>

namespace postdev {
namespace {
constexpr float kNever = -std::numeric_limits<float>::infinity();

// SplitMix64: a full-period generator whose whole state is the seed that Java keeps.
double uniform(uint64_t& state) {
  uint64_t z = (state += 0x9e3779b97f4a7c15ull);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) * 0x1.0p-53;
}

void applyMask(float* logits, int vocab, const int64_t* mask, int words) {
  for (int i = 0; i < vocab; i++) {
    bool allowed = i / 64 < words && (mask[i / 64] >> (i % 64) & 1);
    if (!allowed) {
      logits[i] = kNever;
    }
  }
}

void penalise(float* logits, int vocab, const SampleSettings& settings, const std::vector<int>& history) {
  size_t from = history.size() - std::min<size_t>(history.size(), std::max(0, settings.repetitionWindow));
  std::unordered_set<int> seen(history.begin() + from, history.end());
  for (int id : seen) {
    float& logit = logits[id];
    logit = logit > 0 ? logit / settings.repetitionPenalty : logit * settings.repetitionPenalty;
  }
}

// More likely first; equal ones by their number, so that the answer never depends on the order of a partial sort.
std::vector<int> best(const float* logits, int vocab, int count) {
  std::vector<int> order(vocab);
  std::iota(order.begin(), order.end(), 0);
  count = std::min(count, vocab);
  auto before = [&](int a, int b) { return logits[a] != logits[b] ? logits[a] > logits[b] : a < b; };
  std::partial_sort(order.begin(), order.begin() + count, order.end(), before);
  order.resize(count);
  return order;
}
} // namespace

Sampled sample(float* logits, int vocab, const SampleSettings& settings, const std::vector<int>& history,
               const int64_t* mask, int maskWords, int top, uint64_t& seed) {
  for (int i = 0; i < vocab; i++) {
    if (std::isnan(logits[i])) {
      throw std::runtime_error("the model answered with NaN at token " + std::to_string(i) +
                               ": its weights or the compute type do not suit it");
    }
  }
  if (mask) {
    applyMask(logits, vocab, mask, maskWords);
  }
  if (settings.repetitionPenalty != 1.0f) {
    penalise(logits, vocab, settings, history);
  }
  int first = 0;
  for (int i = 1; i < vocab; i++) {
    if (logits[i] > logits[first]) {
      first = i;
    }
  }
  float peak = logits[first];
  if (!(peak > kNever)) {
    throw std::invalid_argument("the mask allows no token");
  }
  double sum = 0;
  for (int i = 0; i < vocab; i++) {
    sum += std::exp(static_cast<double>(logits[i]) - peak);
  }
  double logSum = std::log(sum) + peak;
  Sampled result{first, 0, {}, {}};
  if (top > 0) {
    result.topIds = best(logits, vocab, top);
    for (int id : result.topIds) {
      result.topLogprobs.push_back(static_cast<float>(logits[id] - logSum));
    }
  }
  if (settings.temperature > 0) {
    std::vector<int> candidates;
    if (settings.topK > 0 && settings.topK < vocab) {
      candidates = best(logits, vocab, settings.topK);
    } else if (settings.topP < 1.0f) {
      candidates = best(logits, vocab, vocab);
    } else {
      candidates.resize(vocab);
      std::iota(candidates.begin(), candidates.end(), 0);
    }
    std::vector<double> weights(candidates.size());
    double total = 0;
    for (size_t i = 0; i < candidates.size(); i++) {
      weights[i] = std::exp((static_cast<double>(logits[candidates[i]]) - peak) / settings.temperature);
      // min-p: at least this share of the most likely token's probability, whose weight here is 1.
      if (weights[i] < settings.minP) {
        weights[i] = 0;
      }
      total += weights[i];
    }
    if (settings.topP < 1.0f) {
      double kept = 0;
      for (size_t i = 0; i < candidates.size(); i++) {
        if (kept >= settings.topP * total) {
          weights[i] = 0;
        }
        kept += weights[i];
      }
      total = kept;
    }
    double at = uniform(seed) * total;
    result.id = first;
    for (size_t i = 0; i < candidates.size(); i++) {
      if (weights[i] > 0) {
        result.id = candidates[i];
        at -= weights[i];
        if (at < 0) {
          break;
        }
      }
    }
  }
  result.logprob = static_cast<float>(logits[result.id] - logSum);
  return result;
}
} // namespace postdev
