package shop

import kotlin.collections.List
import shop.util.*

const val LIMIT = 3

interface Book {
    fun find(name: String): Order?
}

data class Order(val id: Int, var name: String) : Book {
    private val lines = mutableListOf<String>()
    override fun find(name: String): Order? = null

    companion object {
        fun of(): Order = Order(1, "x")
    }

    enum class State { OPEN, CLOSED }
}

object Registry {
    val all = 1
}

fun String.shout(): String {
    val local = 1
    return uppercase()
}

typealias Id = Int
