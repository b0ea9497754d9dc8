/** Pictures of what was measured. */
package ai.postdev.benchmarks.plot;
