/**
 * How a model's own template writes a conversation down: the part of Jinja that such templates use, as transformers sets it
 * up. Templates come with model files and are not trusted: nothing of Java can be reached, time and size are bounded.
 */
package ai.postdev.dragon.model.template;
