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
struct Before {
  const float* logits;
  bool operator()(int a, int b) const { return logits[a] != logits[b] ? logits[a] > logits[b] : a < b; }
};

std::vector<int> best(const float* logits, int vocab, int count) {
  std::vector<int> order(vocab);
  std::iota(order.begin(), order.end(), 0);
  count = std::min(count, vocab);
  std::partial_sort(order.begin(), order.begin() + count, order.end(), Before{logits});
  order.resize(count);
  return order;
}

// Keeps the most likely candidates, in their order, whose weights together reach the share of the total, and answers their sum.
// Mostly these are few of many, so only as many are sorted as are looked at, four times as many each time.
template <typename Weight>
double nucleus(std::vector<int>& candidates, bool sorted, double enough, const float* logits, Weight weight) {
  size_t ready = sorted ? candidates.size() : 0;
  size_t kept = 0;
  double sum = 0;
  while (kept < candidates.size() && sum < enough) {
    if (kept == ready) {
      ready = std::min(candidates.size(), std::max<size_t>(16, 4 * ready));
      auto from = candidates.begin() + kept;
      auto to = candidates.begin() + ready;
      if (ready < candidates.size()) {
        std::nth_element(from, to, candidates.end(), Before{logits});
      }
      std::sort(from, to, Before{logits});
    }
    sum += weight(candidates[kept++]);
  }
  candidates.resize(kept);
  return sum;
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
    // min-p: at least this share of the most likely token's probability, whose weight here is 1.
    auto weight = [&](int id) {
      double share = std::exp((static_cast<double>(logits[id]) - peak) / settings.temperature);
      return share < settings.minP ? 0 : share;
    };
    bool few = settings.topK > 0 && settings.topK < vocab;
    std::vector<int> candidates;
    if (few) {
      candidates = best(logits, vocab, settings.topK);
    } else {
      candidates.resize(vocab);
      std::iota(candidates.begin(), candidates.end(), 0);
    }
    candidates.erase(std::remove_if(candidates.begin(), candidates.end(), [&](int id) { return !(weight(id) > 0); }),
                     candidates.end());
    double total = 0;
    for (int id : candidates) {
      total += weight(id);
    }
    if (settings.topP < 1.0f) {
      total = nucleus(candidates, few, settings.topP * total, logits, weight);
    }
    double at = uniform(seed) * total;
    result.id = first;
    for (int id : candidates) {
      result.id = id;
      at -= weight(id);
      if (at < 0) {
        break;
      }
    }
  }
  result.logprob = static_cast<float>(logits[result.id] - logSum);
  return result;
}
} // namespace postdev
