/** What it takes a lake to come back, and to write down what it holds. */
package ai.postdev.benchmarks.lake;
