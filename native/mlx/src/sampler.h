// From a row of logits to a token, on the host and in plain C++: the same on every device, given the same seed.
#pragma once

#include <cstdint>
#include <vector>

namespace postdev {

struct SampleSettings {
  float temperature;        // 0: the most likely token
  int topK;                 // 0: all
  float topP;               // 1: all
  float minP;               // 0: all
  float repetitionPenalty;  // 1: none
  int repetitionWindow;     // how many of the last tokens are penalised
};

struct Sampled {
  int id;
  float logprob;  // of the distribution after mask and penalty, before temperature and cuts
  std::vector<int> topIds;
  std::vector<float> topLogprobs;
};

// mask: one bit for every token, set where it is allowed; null allows all. Changes the row and the seed.
Sampled sample(float* logits, int vocab, const SampleSettings& settings, const std::vector<int>& history,
               const int64_t* mask, int maskWords, int top, uint64_t& seed);
} // namespace postdev
