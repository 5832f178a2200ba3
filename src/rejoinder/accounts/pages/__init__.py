"""Who is calling, how people come in and go out, and the page of who is in."""

from fastapi import APIRouter

from rejoinder.accounts.pages import codes, elsewhere, me, name, oidc, passkeys, proof, settings, sign_in, sso
from rejoinder.accounts.pages.calling import bearer_of as bearer_of
from rejoinder.accounts.pages.calling import caller_of as caller_of
from rejoinder.accounts.pages.calling import program_of as program_of
from rejoinder.accounts.pages.elsewhere import answer_not_let_in as answer_not_let_in
from rejoinder.accounts.pages.proof import answer_proof_needed as answer_proof_needed
from rejoinder.accounts.pages.sign_in import ask_to_sign_in as ask_to_sign_in

router = APIRouter()
for part in (sign_in, codes, oidc, sso, elsewhere, proof, passkeys, me, name, settings):
    router.routes += part.router.routes
