/** What the house takes and how fast it is, beside its peers, in one run each. */
package ai.postdev.benchmarks;
