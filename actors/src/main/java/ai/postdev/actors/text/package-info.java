/** Texts as every module measures, compares and writes them: pure, and without an opinion on where they come from. */
package ai.postdev.actors.text;
