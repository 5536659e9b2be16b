"""Papers that are made of acts: the certificate of a publication, the register of a year, as tagged PDF in French."""

from parvis.core.acts.papers.certificate import CertificateFacts, CertifiedFile, certificate
from parvis.core.acts.papers.printing import PaperFailed
from parvis.core.acts.papers.register import RegisterAct, RegisterFacts, RegisterSession, register

__all__ = [
    "CertificateFacts",
    "CertifiedFile",
    "PaperFailed",
    "RegisterAct",
    "RegisterFacts",
    "RegisterSession",
    "certificate",
    "register",
]
